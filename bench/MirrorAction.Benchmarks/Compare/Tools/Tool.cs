using MirrorAction.Benchmarks.Compare.Measuring;
using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.Benchmarks.Compare.Scenarios;

namespace MirrorAction.Benchmarks.Compare.Tools;

/// <summary>A program that mirrors.</summary>
internal abstract class Tool
{
    /// <summary>Who it is.</summary>
    internal abstract ToolResult About { get; }

    /// <summary>Whether it is given clones from its last run.</summary>
    internal abstract bool KeepsClones { get; }

    /// <summary>How it is started in a world.</summary>
    internal abstract MeasuredProcess In(World world, RunFolder folder);
}
