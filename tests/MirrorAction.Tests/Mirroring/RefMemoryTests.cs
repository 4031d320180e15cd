using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.Tests.Git.Kit;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Mirroring;

/// <summary>What a repository of very many refs costs, a ref: the bounds are a few times below what a copy of every ref would need.</summary>
public sealed class RefMemoryTests
{
    private const int Refs = 10_000;

    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);

    private static readonly RefOptions s_options = new();

    [Fact]
    public void Plan_of_equal_sides_copies_no_ref()
    {
        var (source, mirror) = (Some(Refs), Some(Refs));

        Allocated(() => Plan(source, mirror).Changes.ShouldBeEmpty()).ShouldBeLessThan(Refs * 2);
    }

    [Fact]
    public void Comparison_of_equal_sides_copies_no_ref()
    {
        var (source, mirror) = (Some(Refs), Some(Refs));

        Allocated(() => RefDiff.AreEqual(source, mirror, s_options).ShouldBeTrue()).ShouldBeLessThan(Refs * 2);
    }

    /// <summary>The list of changes grows by doubling, and names are sorted: three times its 112 bytes and some.</summary>
    [Fact]
    public void Plan_of_a_first_mirror_holds_each_change_once()
    {
        var source = Some(Refs);
        var nothing = new Dictionary<RefName, ObjectId>();

        Allocated(() => Plan(source, nothing).Changes.Count.ShouldBe(Refs)).ShouldBeLessThan(Refs * 500);
    }

    /// <summary>The commands themselves, in a buffer that doubles; no text beside them.</summary>
    [Fact]
    public void Commands_are_written_without_text_beside_them()
    {
        RefUpdate[] updates = [.. Some(Refs).Select(r => new RefUpdate(r.Key, ObjectId.Zero(r.Value.Format), r.Value))];
        var length = PushCommands.Request(updates, Wire.Capabilities("report-status"), "acme").Length;

        Allocated(() => PushCommands.Request(updates, Wire.Capabilities("report-status"), "acme")).ShouldBeLessThan((length * 4) + (Refs * 50));
    }

    [Fact]
    public void Report_is_written_in_pieces()
    {
        var id = Wire.Id(1).ToString();
        RefChange[] changes = [.. Some(Refs).Keys.Select(name => new RefChange(name.ToString(), RefChangeKind.Create, null, id))];
        var report = Sample.Run(Sample.Repository("many") with { Changes = changes });
        var length = Sample.Json(report).Length;

        Allocated(() => ReportJson.Serialize(report, Stream.Null)).ShouldBeLessThan(length / 4);
    }

    private static MirrorPlan Plan(Dictionary<RefName, ObjectId> source, Dictionary<RefName, ObjectId> destination) =>
        MirrorPlanner.Plan(source, destination, new HashSet<RefUpdate>(), s_options, s_now);

    private static Dictionary<RefName, ObjectId> Some(int count) =>
        Enumerable.Range(1, count).ToDictionary(i => RefName.Branch(string.Create(CultureInfo.InvariantCulture, $"feature/{i:000000}")), Wire.Id);

    /// <summary>Bytes that this thread allocates; the first call, which compiles code, is not counted.</summary>
    private static long Allocated(System.Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
