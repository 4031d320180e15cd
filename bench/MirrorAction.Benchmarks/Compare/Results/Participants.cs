namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>The keys of the tools that aims and chart know.</summary>
internal static class Participants
{
    internal const string Ours = "mirror-action";
    internal const string Shell = "shell";
    internal const string Kept = "kept";
    internal const string Pipe = "pipe";
}
