using System.Text.Json;
using MirrorAction.Simulation.Network;
using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation.Evaluate;

/// <summary>
/// (7) A run asks no more than its plan needs: two requests where nothing changed, and a bound that follows from the refs where something did.
/// </summary>
internal static class RequestBound
{
    /// <summary>
    /// Four attempts, and in a fifth as many trials as it takes to find a limit of refs: the program's patience with a host that gives no reason.
    /// </summary>
    private const int MostHungUp = 4 + 8;

    /// <summary>Counts the requests about one repository.</summary>
    public static void Hold(SimRun run, SimRepository source, JsonElement entry, List<Wrong> wrongs)
    {
        var pair = run.Pair(source.Name);
        var calls = string.Join(", ", pair.Calls.Select(c => $"{c.Key} {c.Value}"));
        var isQuiet = pair is { Faults: 0, Refusals: 0, IsChanged: false };
        if (
            isQuiet
            && pair.RefusedRefs.Count == 0
            && RunJudge.StatusOf(entry) == "unchanged"
            && !IsAsExpected(pair, run.Settings.Mode == "verify")
        )
            wrongs.Add(new Wrong(7, $"{source.Name} is unchanged, and took {calls}"));

        // Reading both sides, proving each branch alone, keeping, two pushes with their packs, and the look at what came of it. A host that refuses
        // is asked again for less and less: some requests a ref. One that hangs up may be in trouble: the whole is begun anew, from the listing, as
        // after any broken connection; and when the attempts are over once more, one ref after the other, where it hangs up on what is still too
        // many.
        var refs = source.Refs.Count + (pair.MirrorAtFirst?.Count ?? 0);
        var once = 14 + refs;
        var bound =
            isQuiet && pair.RefusedRefs.Count == 0 ? once * (1 + Math.Min(pair.HungUp, MostHungUp)) : (once + (12 * refs)) * (2 + pair.Faults);
        if (pair.GitCalls > bound)
            wrongs.Add(new Wrong(7, $"{source.Name} with {refs} refs and {pair.Faults} faults took {calls}, which is more than {bound}"));
        var rest = pair.Count(CallKind.Find) + pair.Count(CallKind.Create) + pair.Count(CallKind.Change);
        if (rest > 8 * (1 + pair.Faults + pair.Refusals))
            wrongs.Add(new Wrong(7, $"{source.Name} took {calls} with {pair.Faults} faults"));
    }

    /// <summary>Both sides are listed. Who verifies asks the mirror, too, whether LFS is in use there.</summary>
    private static bool IsAsExpected(PairRecord pair, bool isVerify) =>
        isVerify
            ? pair.Count(CallKind.ListRefs) == 2 && pair.GitCalls == 2 + pair.Count(CallKind.Probe) && pair.Count(CallKind.Probe) <= 1
            : pair.Count(CallKind.ListRefs) == 1 && pair.GitCalls == 2;
}
