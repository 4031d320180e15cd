using FsCheck.Fluent;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

/// <summary>How many trials it takes, and that every item has its fate.</summary>
public sealed class NarrowingTests
{
    private const int Most = 2000;

    [Fact]
    public async Task What_nobody_refuses_is_done_in_the_largest_trials()
    {
        var host = await RunAsync(3001, new Host());

        host.Trials.ShouldBe([2000, 1001]);
        host.Done.Count.ShouldBe(3001);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(700)]
    [InlineData(1999)]
    public async Task One_fault_among_thousands_costs_a_few_dozen_trials(int fault)
    {
        var host = await RunAsync(2000, new Host { Faults = [fault] });

        host.Refused.ShouldBe([fault]);
        host.Done.Count.ShouldBe(1999);
        host.Trials.Count.ShouldBeLessThan(45);
    }

    [Fact]
    public async Task Many_faults_in_a_row_cost_hardly_more_than_one_each()
    {
        var host = await RunAsync(600, new Host { Faults = [.. Enumerable.Range(100, 300)] });

        host.Refused.Count.ShouldBe(300);
        host.Done.Count.ShouldBe(300);
        host.Trials.Count.ShouldBeLessThan(420); // It comes upon them in a trial of 64, and halves that first.
    }

    [Fact]
    public async Task Every_second_one_at_fault_keeps_no_other_back()
    {
        var host = await RunAsync(2000, new Host { Faults = [.. Enumerable.Range(0, 1000).Select(i => 2 * i)] });

        host.Refused.Count.ShouldBe(1000);
        host.Done.Count.ShouldBe(1000);
    }

    [Fact]
    public async Task Where_everything_is_refused_it_ends_and_what_was_not_tried_alone_is_not_called_refused()
    {
        var host = await RunAsync(3000, new Host { Faults = [.. Enumerable.Range(0, 3000)] });

        host.Done.ShouldBeEmpty();
        host.Refused.Count.ShouldBeInRange(1, Narrowing.MaxRefusals);
        host.Left.Count.ShouldBe(3000 - host.Refused.Count);
        host.Trials.Count.ShouldBeLessThan(Narrowing.MaxRefusals + 5);
    }

    [Fact]
    public async Task Where_the_words_say_nothing_it_ends_sooner()
    {
        var host = await RunAsync(3000, new Host { Faults = [.. Enumerable.Range(0, 3000)], IsUnderstood = false });

        host.Trials.Count.ShouldBeLessThan(Narrowing.MaxObscureRefusals + 5);
        (host.Refused.Count + host.Left.Count).ShouldBe(3000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_fault_is_found_in_thousands_also_where_the_words_say_nothing(bool isUnderstood)
    {
        var host = await RunAsync(3001, new Host { Faults = [2500], IsUnderstood = isUnderstood });

        host.Refused.ShouldBe([2500]);
        host.Left.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_limit_that_is_named_is_kept_to()
    {
        var host = await RunAsync(3001, new Host { Limit = 5, NamesLimit = true });

        host.Done.Count.ShouldBe(3001);
        host.Trials.Count.ShouldBe(1 + 601);
        host.Trials.Skip(1).ShouldAllBe(size => size <= 5);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(5, true)]
    [InlineData(5, false)]
    [InlineData(100, false)]
    [InlineData(1999, false)]
    public async Task A_limit_that_is_not_named_is_found_and_kept_to(int limit, bool isUnderstood)
    {
        var host = await RunAsync(3001, new Host { Limit = limit, IsUnderstood = isUnderstood });

        host.Done.Count.ShouldBe(3001);
        host.Trials.Count.ShouldBeLessThan((3001 / limit) + 40);
    }

    [Fact]
    public async Task What_was_learnt_holds_for_the_next_items()
    {
        var narrowing = new Narrowing(Most);
        var host = new Host { Limit = 7 };
        await host.RunAsync(narrowing, 100);
        host.Trials.Clear();

        await host.RunAsync(narrowing, 70);

        host.Trials.ShouldBe(Enumerable.Repeat(7, 10));
    }

    [Fact]
    public async Task A_search_that_begins_small_brings_the_rest_quickly()
    {
        var narrowing = new Narrowing(Most);
        narrowing.Begin();
        var host = new Host();

        await host.RunAsync(narrowing, 1000);

        host.Trials[0].ShouldBe(1);
        host.Trials.Count.ShouldBe(10);
    }

    [Fact]
    public void Whatever_a_host_refuses_every_item_has_one_fate_and_none_is_refused_that_would_pass_alone() =>
        (
            from count in Gen.Choose(1, 400)
            from limit in Gen.Elements(1, 2, 3, 5, 17, 1000)
            from names in Gen.Elements(true, false)
            from faults in Gen.Choose(0, count - 1).ListOf()
            select (Count: count, Limit: limit, Names: names, Faults: faults.ToArray())
        ).Check(sample =>
        {
            var host = new Host
            {
                Limit = sample.Limit,
                NamesLimit = sample.Names,
                Faults = [.. sample.Faults],
            };
            host.RunAsync(new Narrowing(Most), sample.Count).GetAwaiter().GetResult();

            host.Refused.ShouldBe(sample.Faults.Distinct(), ignoreOrder: true);
            host.Left.ShouldBeEmpty();
            host.Done.Concat(host.Refused).Order().ShouldBe(Enumerable.Range(0, sample.Count));
        });

    private static async Task<Host> RunAsync(int count, Host host)
    {
        await host.RunAsync(new Narrowing(Most), count);
        return host;
    }

    /// <summary>Refuses a trial in which an item is at fault, or which is too large.</summary>
    private sealed class Host
    {
        public HashSet<int> Faults { get; init; } = [];

        public int Limit { get; init; } = int.MaxValue;

        public bool NamesLimit { get; init; }

        public bool IsUnderstood { get; init; } = true;

        public List<int> Trials { get; } = [];

        public List<int> Done { get; } = [];

        public List<int> Refused { get; } = [];

        public List<int> Left { get; } = [];

        public Task RunAsync(Narrowing narrowing, int count) => narrowing.RunAsync([.. Enumerable.Range(0, count)], TryAsync, GiveUpAsync);

        private Task<Refusal?> TryAsync(int[] items)
        {
            Trials.Add(items.Length);
            if (items.Length > Limit)
                return Task.FromResult<Refusal?>(Refusal with { Limit = NamesLimit ? Limit : null });
            if (items.Any(Faults.Contains))
                return Task.FromResult<Refusal?>(Refusal);
            Done.AddRange(items);
            return Task.FromResult<Refusal?>(null);
        }

        private Refusal Refusal => new(RefUpdateStatus.RejectedByHook, "no") { IsUnderstood = IsUnderstood };

        private Task GiveUpAsync(int item, Refusal refusal, bool wasAlone)
        {
            (wasAlone ? Refused : Left).Add(item);
            return Task.CompletedTask;
        }
    }
}
