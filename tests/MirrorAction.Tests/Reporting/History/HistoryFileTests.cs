using System.Text;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting.History;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Reporting.History;

public sealed class HistoryFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "deep", "history.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_is_a_line_that_names_what_moved_and_what_failed()
    {
        HistoryFile.Append(File, HistoryEntry.Of(Sample.Varied(), "4711")!);

        Snapshot.Match(System.IO.File.ReadAllText(File), "history");
        HistoryFile.Read(File).Damaged.ShouldBe(0);
    }

    [Fact]
    public void Runs_are_read_in_the_order_in_which_they_were_appended()
    {
        Entry(1).ShouldNotBeNull();
        HistoryFile.Append(File, Entry(1));
        HistoryFile.Append(File, Entry(2));

        Read().ShouldBe([1, 2]);
        HistoryFile.Read(Path.Combine(_folder.Path, "none")).ShouldBe(RunHistory.None);
    }

    [Fact]
    public void Damaged_lines_are_counted_and_the_others_are_read()
    {
        HistoryFile.Append(File, Entry(1));
        System.IO.File.AppendAllText(File, "{\"schemaVersion\":1\n\0\0\0\n\n[]\n{\"schemaVersion\":9,\"mode\":\"mirror\"}\n\xff\n");
        HistoryFile.Append(File, Entry(2));

        Read().ShouldBe([1, 2]);
        HistoryFile.Read(File).Damaged.ShouldBe(5);
    }

    /// <summary>Wherever the machine lost its power: the next line is whole, and nothing before the torn one is lost.</summary>
    [Fact]
    public void Torn_last_line_is_repaired_wherever_it_was_cut()
    {
        HistoryFile.Append(File, Entry(1));
        var first = System.IO.File.ReadAllBytes(File).Length;
        HistoryFile.Append(File, Entry(2));
        var whole = System.IO.File.ReadAllBytes(File);
        for (var cut = 0; cut < whole.Length; cut++)
        {
            System.IO.File.WriteAllBytes(File, whole[..cut]);

            HistoryFile.Append(File, Entry(3));

            var one = cut >= first - 1 ? new[] { 1 } : [];
            Read().ShouldBe([.. one, .. cut == whole.Length - 1 ? new[] { 2 } : [], 3], $"cut at {cut}");
            HistoryFile.Read(File).Damaged.ShouldBe(0, $"cut at {cut}");
        }
    }

    [Fact]
    public void Oldest_lines_go_when_there_are_too_many_or_too_long_ones()
    {
        HistoryFile.Append(File, Entry(0));
        var line = System.IO.File.ReadAllText(File);
        System.IO.File.WriteAllText(File, new StringBuilder().Insert(0, line, HistoryFile.MaxLines).ToString());

        HistoryFile.Append(File, Entry(9));

        Read().Count.ShouldBe((HistoryFile.MaxLines / 10 * 9) + 1);
        Read()[^1].ShouldBe(9);

        var names = Enumerable.Range(0, 1_000).Select(i => Sample.Failed($"{new string('x', 5_000)}-{i}")).ToArray();
        var large = HistoryEntry.Of(Sample.Run(names), null)!;
        for (var i = 0; i < 4; i++)
        {
            HistoryFile.Append(File, large);
        }

        new FileInfo(File).Length.ShouldBeLessThan(HistoryFile.MaxBytes);
        HistoryFile.Read(File).Entries.Count.ShouldBeInRange(2, 3);
        HistoryFile.Read(File).Damaged.ShouldBe(0);
    }

    [Theory]
    [InlineData("plan", null, null)]
    [InlineData("restore", "dry-run", null)]
    [InlineData("doctor", null, null)]
    [InlineData("mirror", null, "1/2")]
    public void Run_that_did_nothing_leaves_no_line_nor_does_a_shard(string mode, string? variant, string? shard) =>
        HistoryEntry.Of(Sample.Run(Sample.Repository("docs")) with { Mode = mode, Variant = variant, Shard = shard }, null).ShouldBeNull();

    [Fact]
    public void Reports_that_are_joined_again_replace_their_run()
    {
        var history = RunHistory.None.With(Entry(1)).With(Entry(2)).With(Entry(1) with { Safe = 7 });

        history.Entries.Select(entry => entry.DurationMs).ShouldBe([2, 1]);
        history.Entries[^1].Safe.ShouldBe(7);
        history.Like(Entry(1) with { Mode = "verify" }).ShouldBeEmpty();
        history.Like(Entry(1) with { Destination = new("bitbucket", "other") }).ShouldBeEmpty();
    }

    [Fact]
    public void Counts_of_safe_and_other_repositories_are_all_repositories()
    {
        var entry = HistoryEntry.Of(Sample.Varied() with { Totals = Sample.Varied().Totals with { Repositories = 10 } }, null)!;

        (entry.Safe, entry.NotSafe, entry.NotLookedAt).ShouldBe((3, 1, 6));
    }

    private List<long> Read() => [.. HistoryFile.Read(File).Entries.Select(entry => entry.DurationMs)];

    /// <summary>A run of so many minutes after the first, which its duration names.</summary>
    private static HistoryEntry Entry(int number)
    {
        var run = Sample.Run(Sample.Repository("docs"));
        return HistoryEntry.Of(run with { DurationMs = number, StartedAt = run.StartedAt.AddMinutes(number) }, null)!;
    }
}
