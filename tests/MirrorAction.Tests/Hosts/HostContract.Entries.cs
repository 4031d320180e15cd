using MirrorAction.Hosts;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts;

/// <content>Entries of a listing of which no repository can be made, and listings without measure.</content>
public abstract partial class HostContract
{
    /// <summary>Entries in the host's form.</summary>
    protected abstract EntrySamples Samples { get; }

    /// <summary>What a new client finds unusable in the listing.</summary>
    protected abstract Task<IReadOnlyList<UnusableEntry>> UnusableAsync();

    [Fact]
    public async Task Entry_of_which_no_repository_can_be_made_is_named_and_spoils_no_other()
    {
        var entries = Samples.Impossible.Select(entry => entry.Json).Prepend(Samples.Entry("a", "")).Append(Samples.Entry("b", ""));
        var page = Samples.Page(string.Join(',', entries));
        FirstPage().Always(200, page);

        (await ListAsync()).Order().ShouldBe(["a", "b"]);

        var unusable = await UnusableAsync();
        unusable.Count.ShouldBe(Samples.Impossible.Count);
        foreach (var (i, (json, field, name)) in Samples.Impossible.Index())
        {
            var entry = unusable[i];
            entry.Problem.ShouldContain(field is null ? "not an object" : $"'{field}'", customMessage: json);
            entry.Name.ShouldBe(name ?? $"(entry {i + 2})", json);
            entry.Owner.ShouldStartWith("acme");
            TextSanitizer.IsClean(entry.FullName).ShouldBeTrue(json);
            entry.Problem.ShouldNotContain("x\u001b");
        }
    }

    [Fact]
    public async Task Entry_that_comes_on_two_pages_is_named_once()
    {
        FirstPage()
            .Always(200, Samples.Page(string.Join(',', Enumerable.Repeat(Samples.Impossible.First(entry => entry.Name == "negative").Json, 2))));

        (await UnusableAsync()).ShouldHaveSingleItem().Name.ShouldBe("negative");
        (await ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Fields_that_nobody_reads_may_hold_anything()
    {
        FirstPage()
            .Reply(
                200,
                Samples.Page(
                    Samples.Entry(
                        "a",
                        ""","pushed_at":"yesterday","created_at":99999999999999999999,"updated_on":"0000-00-00T25:61:00Z","created_on":{"x":[]},"forks_count":-1e400"""
                    )
                )
            );

        (await ListAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Number_beyond_32_bits_is_taken()
    {
        FirstPage().Reply(200, Samples.Page(Samples.Entry("a", ",\"size\":8589934592")));

        (await ListAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Text_of_mebibytes_is_cut_and_spoils_nothing()
    {
        var text = string.Concat(Enumerable.Repeat("\\ud83d\\ude00ä\\\"", 300_000));
        FirstPage().Always(200, Samples.Page($"{Samples.Entry("a", $",\"description\":\"{text}\",\"{text}\":\"{text}\"")},{Samples.Entry("b", "")}"));

        (await ListAsync()).Order().ShouldBe(["a", "b"]);
        (await UnusableAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_that_is_large_without_long_texts_is_a_protocol_failure()
    {
        FirstPage()
            .Reply(200, Samples.Page(Samples.Entry("a", $",\"x\":[{string.Join(',', Enumerable.Repeat("1234567", RestClient.MaxPage / 8))}]")));

        var e = await ListingFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Protocol);
        e.Message.ShouldContain("8 MiB");
    }

    [Fact]
    public async Task Page_of_more_entries_than_any_owner_has_is_a_protocol_failure()
    {
        FirstPage().Reply(200, Samples.Page(string.Join(',', Enumerable.Repeat("{}", Pagination.MaxEntries + 1))));

        (await ListingFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Protocol);
    }
}
