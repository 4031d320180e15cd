using BenchmarkDotNet.Attributes;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;

namespace MirrorAction.Benchmarks.Micro;

/// <summary>Comparing both sides of a repository with very many refs.</summary>
public class PlannerBenchmarks
{
    private readonly DateTimeOffset _now = new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);
    private readonly HashSet<RefUpdate> _fastForwards = [];
    private readonly RefOptions _options = new();
    private readonly Dictionary<RefName, ObjectId> _destination = ManyRefs.Branches();
    private Dictionary<RefName, ObjectId> _source = [];

    /// <summary>How many of the values differ; each is a rewrite, whose old value is kept.</summary>
    [Params(0, ManyRefs.Count / 2, ManyRefs.Count)]
    public int Different { get; set; }

    [GlobalSetup]
    public void SetUp() => _source = ManyRefs.Branches(Different);

    [Benchmark]
    public int Plan() => MirrorPlanner.Plan(_source, _destination, _fastForwards, _options, _now).Changes.Count;
}
