using MirrorAction.Simulation.Network;
using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation.Evaluate;

/// <summary>
/// (6) Two runs after the last fault everything is equal, but for what is refused for good and reported; one more run finds nothing to do.
/// </summary>
internal static class Rest
{
    /// <summary>Judges the world after such a run.</summary>
    public static IReadOnlyList<Wrong> Evaluate(SimRun run, Leavings leavings, bool isLast)
    {
        var wrongs = new List<Wrong>();
        foreach (var source in run.World.Sources.Where(s => s.Mirrored().Count > 0))
        {
            var pair = run.Pair(source.Name);
            var expected = new Expected(run.World, run.Settings, source);
            var differences = expected.Differences();
            var isHeld = expected.IsExposing || expected.Guards(pair.MirrorAtFirst ?? []).Count > 0;
            if (!isHeld && differences.Except(expected.Excused(differences)).ToArray() is { Length: > 0 } left)
                wrongs.Add(new Wrong(6, $"{source.Name}: no fault is left, and {string.Join(' ', left)} differ"));
            if (
                differences.Count == 0
                && expected.Mirror is { } mirror
                && source.Refs.ContainsKey("refs/heads/" + source.Head)
                && IsText(source.Head)
                && mirror.Head != source.Head
            )
                wrongs.Add(new Wrong(6, $"{source.Name}: the default branch is {source.Head}, and the mirror's is {mirror.Head}"));
            if (
                isLast
                && differences.Count == 0
                && !isHeld
                && pair.RefusedRefs.Count == 0
                && pair.GitCalls != 2
                && !expected.Mirror!.Moves.Exists(m => m.Run == run.Number && SimRepository.IsReserved(m.Ref))
            )
                wrongs.Add(
                    new Wrong(
                        7,
                        $"{source.Name}: nothing is left to do, and it took {string.Join(", ", pair.Calls.Select(c => $"{c.Key} {c.Value}"))}"
                    )
                );
        }

        if (
            wrongs.Count == 0
            && leavings.ExitCode == 0
            && run.World.Sources.Any(s => s.Mirrored().Count > 0 && new Expected(run.World, run.Settings, s).Differences().Count > 0)
        )
            wrongs.Add(new Wrong(5, "the exit code is 0, and not all is equal"));
        return wrongs;
    }

    private static bool IsText(string name) =>
        !System.Text.Encoding.UTF8.GetString(System.Text.Encoding.Latin1.GetBytes(name)).Contains('\ufffd', StringComparison.Ordinal);
}
