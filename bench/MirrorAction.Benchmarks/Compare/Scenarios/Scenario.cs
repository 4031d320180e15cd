using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Scenarios;

/// <summary>A situation that a tool has to bring the mirrors up to date from.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Title">What tables call it.</param>
/// <param name="Seed">Fills the organisation.</param>
/// <param name="Change">What has happened since the last run; null when there was none, so that every mirror is empty.</param>
internal sealed record Scenario(string Name, string Title, Action<SandboxGitHub, Seeds> Seed, Action<SandboxGitHub>? Change)
{
    /// <summary>Whether nothing has been mirrored yet.</summary>
    internal bool IsFirst => Change is null;

    /// <summary>Where it is run.</summary>
    internal IReadOnlyList<Network> Networks { get; init; } = Network.All;
}
