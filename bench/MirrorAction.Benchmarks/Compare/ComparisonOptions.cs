using MirrorAction.Benchmarks.Compare.Scenarios;

namespace MirrorAction.Benchmarks.Compare;

/// <summary>A tool from the command line.</summary>
internal sealed record NamedCommand(string Name, string Command);

/// <summary>What the command line asks for.</summary>
/// <param name="Networks">What to run over.</param>
/// <param name="Repetitions">How often.</param>
/// <param name="Scenarios">What to run.</param>
/// <param name="Commands">Tools besides the usual ones.</param>
/// <param name="Output">The folder for the results.</param>
/// <param name="Publish">Whether the results go into the documentation too.</param>
internal sealed record ComparisonOptions(
    IReadOnlyList<Network> Networks,
    int Repetitions,
    IReadOnlyList<Scenario> Scenarios,
    IReadOnlyList<NamedCommand> Commands,
    string Output,
    bool Publish
);
