using System.Text.Json;
using MirrorAction.Simulation.Network;
using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation.Evaluate;

/// <summary>Judges the world, and what the program said of it, after one run.</summary>
internal sealed class RunJudge(SimRun run, Leavings leavings)
{
    /// <summary>More faults than this may use up the attempts at a repository.</summary>
    private const int SurvivableFaults = 2;

    private readonly List<Wrong> _wrongs = [.. run.Wrongs];

    private SimWorld World => run.World;

    /// <summary>It may end before all is done.</summary>
    private bool IsHurried => run.Settings.TimeoutMinutes < 60;

    private bool IsStopped => leavings.ExitCode is null or 130;

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<Wrong> Evaluate()
    {
        KeptValues.Hold(World, _wrongs);
        SecretScan.Hold(run.Settings, leavings, _wrongs);
        if (leavings.ExitCode is null)
            return _wrongs;
        if (leavings.Report is not { } report)
        {
            _wrongs.Add(new Wrong(5, "there is no report"));
            return _wrongs;
        }

        var entries = report
            .GetProperty("repositories")
            .EnumerateArray()
            .ToDictionary(r => r.GetProperty("source").GetString()!.Split('/')[1], StringComparer.OrdinalIgnoreCase);
        JudgeExitCode(report, entries);
        foreach (var (name, entry) in entries)
            JudgeEntry(name, entry);
        if (report.TryGetProperty("error", out _) || IsStopped)
            return _wrongs;
        foreach (var source in World.Sources.Where(s => run.Listed.ContainsKey(s.Id) && run.Listed[s.Id] == s.Name))
        {
            if (!entries.TryGetValue(source.Name, out var entry))
                _wrongs.Add(new Wrong(5, $"{source.Name} was listed, and the report does not name it"));
            else
                JudgeRepository(source, entry);
        }

        return _wrongs;
    }

    private void JudgeExitCode(JsonElement report, Dictionary<string, JsonElement> entries)
    {
        var statuses = entries.Values.Select(StatusOf).ToArray();
        var hasError = report.TryGetProperty("error", out _);
        var isCut = entries.Values.Any(e => e.GetProperty("reason").GetString() == "cancelled");
        var isOutOfTime = hasError && IsHurried && report.GetProperty("error").GetProperty("code").GetString() == "cancelled";
        var right =
            run.SignalAt is not null && leavings.ExitCode == 130 ? 130
            : isOutOfTime ? 1
            : hasError ? 3
            : isCut || statuses.Contains("failed") || statuses.Contains("different") ? 1
            : 0;
        if (leavings.ExitCode != right)
            _wrongs.Add(new Wrong(5, $"the exit code is {leavings.ExitCode}, and the report says {right}: {string.Join(' ', statuses)}"));
        if (leavings.ExitCode == 130 && run.SignalAt is null)
            _wrongs.Add(new Wrong(5, "the exit code is 130 without a signal"));
        if (hasError && run.ListFaults + run.ListRefusals == 0 && !IsStopped && !IsHurried)
            _wrongs.Add(new Wrong(4, $"nothing was wrong with the listing, and the run failed: {report.GetProperty("error")}"));
        if (report.GetProperty("totals").GetProperty("failed").GetInt32() < statuses.Count(s => s == "failed"))
            _wrongs.Add(new Wrong(5, "the totals count less failures than there are"));
    }

    /// <summary>(5) What is said of a repository is true of what was read.</summary>
    private void JudgeEntry(string name, JsonElement entry)
    {
        var pair = run.Pair(name);
        var status = StatusOf(entry);
        var isVerified = entry.GetProperty("verified").GetBoolean();
        if (
            isVerified
            && (pair.Source is not { } source || pair.Mirror is not { } mirror || !AreEqual(source.Refs, mirror.Refs) || mirror.At < pair.PushedAt)
        )
            _wrongs.Add(new Wrong(5, $"{name} is called verified, and what was read last was not equal"));
        if (status == "unchanged" && ((pair.PushedAt > 0 && !IsTakenBack(pair)) || !isVerified))
            _wrongs.Add(new Wrong(5, $"{name} is called unchanged, and {(isVerified ? "something was pushed" : "not verified")}"));
        if (status == "mirrored" && ((pair.PushedAt == 0 && !pair.IsChanged) || !isVerified))
            _wrongs.Add(new Wrong(5, $"{name} is called mirrored, and {(isVerified ? "nothing was pushed" : "is not verified")}"));
        if (status == "failed" && isVerified)
            _wrongs.Add(new Wrong(5, $"{name} failed and is called verified"));
        if (
            isVerified
            && !pair.IsChanged
            && World.Source(name) is { } now
            && run.Listed.ContainsKey(now.Id)
            && new Expected(World, run.Settings, now).Differences() is { Count: > 0 } differences
        )
            _wrongs.Add(new Wrong(5, $"{name} is called verified, and these refs differ: {string.Join(' ', differences)}"));
        if (run.Settings.Mode == "mirror" && pair is { Faults: 0, Refusals: 0, IsChanged: false } && !IsStopped && !IsHurried)
        {
            JudgeChanges(name, entry, pair);
            JudgeRefused(name, entry, pair);
        }
    }

    /// <summary>
    /// A tip was kept of a ref that was refused then, and taken back; and the source moved back to what the mirror had all the time. Nothing has
    /// moved.
    /// </summary>
    private static bool IsTakenBack(PairRecord pair) =>
        pair is { IsChanged: true, Mirror: { } last, MirrorAtFirst: { } first }
        && AreEqual(last.Refs, first.Where(r => SimRepository.IsMirrored(r.Key)).ToDictionary(StringComparer.Ordinal));

    /// <summary>What the mirror's host refused is named, also where it is only a kept tag whose time has come.</summary>
    private void JudgeRefused(string name, JsonElement entry, PairRecord pair)
    {
        var text = entry.GetRawText();
        foreach (
            var left in pair.RefusedRefs.Where(r =>
                r.All(char.IsAscii) && MirrorOf(name)!.Refs.ContainsKey(r) && SimRepository.IsReserved(r)
            )
        )
        {
            if (!text.Contains(left, StringComparison.Ordinal))
                _wrongs.Add(new Wrong(5, $"{name}: {left} could not be removed, and the report does not name it"));
        }
    }

    private SimRepository? MirrorOf(string name) =>
        World.Source(name) is { } source ? World.MirrorFor(source) : World.Mirror(name.ToLowerInvariant());

    /// <summary>The report lists what moved, nothing else.</summary>
    private void JudgeChanges(string name, JsonElement entry, PairRecord pair)
    {
        if (MirrorOf(name) is not { } mirror)
            return;
        var before = pair.MirrorAtFirst ?? mirror.Refs.ToDictionary(StringComparer.Ordinal);
        var moved = before.Keys.Union(mirror.Refs.Keys).Where(r => before.GetValueOrDefault(r) != mirror.Refs.GetValueOrDefault(r)).ToArray();
        var told = entry.GetProperty("changes").GetArrayLength();
        if (moved.Length != told)
            _wrongs.Add(new Wrong(5, $"{name}: {moved.Length} refs moved, and the report tells of {told}: {string.Join(' ', moved)}"));
    }

    private void JudgeRepository(SimRepository source, JsonElement entry)
    {
        var pair = run.Pair(source.Name);
        RequestBound.Hold(run, source, entry, _wrongs);
        if (IsHurried || pair.IsChanged || pair.Refusals > 0 || pair.Faults > SurvivableFaults || run.ListFaults > SurvivableFaults)
            return;
        var expected = new Expected(World, run.Settings, source);
        var (status, code) = (StatusOf(entry), CodeOf(entry));
        if (run.Settings.Mode != "mirror")
        {
            JudgeLook(source, expected, status);
            return;
        }

        if (source.Mirrored().Count == 0)
        {
            if (status != "skipped")
                _wrongs.Add(new Wrong(4, $"{source.Name} is empty, and its status is {status} {code}"));
            return;
        }

        if (status == "failed" && (expected.Guards(pair.MirrorAtFirst ?? []).Contains(code) || expected.IsExposing))
            return;
        var differences = expected.Differences();
        var excused = expected.Excused(differences);
        if (differences.Except(excused).ToArray() is { Length: > 0 } left)
            _wrongs.Add(
                new Wrong(
                    4,
                    $"{source.Name}: nothing holds back {string.Join(' ', left)}, and they differ; status {status} {code}: {MessageOf(entry)}"
                )
            );
        else if (differences.Count > 0 && status != "failed")
            _wrongs.Add(new Wrong(5, $"{source.Name}: {string.Join(' ', differences)} differ, and its status is {status}"));
        else if (differences.Count == 0 && status is not ("mirrored" or "unchanged"))
            _wrongs.Add(new Wrong(4, $"{source.Name} is equal, and its status is {status} {code}: {MessageOf(entry)}"));
        else
            JudgeNames(source, entry, differences);
    }

    /// <summary>Who only looks tells what there is to be seen.</summary>
    private void JudgeLook(SimRepository source, Expected expected, string status)
    {
        if (source.Mirrored().Count == 0)
            return;
        var isEqual = expected.Mirror is not null && expected.Differences().Count == 0;
        var hasOtherMain = isEqual && source.Refs.ContainsKey("refs/heads/" + source.Head) && expected.Mirror!.Head != source.Head;
        string[] right =
            run.Settings.Mode == "verify"
                ? !isEqual || hasOtherMain
                    ? ["different"]
                    : expected.Mirror!.IsPrivate == source.IsPrivate
                        ? ["unchanged"]
                        : ["unchanged", "different"]
                : isEqual
                    ? ["unchanged", "planned", "failed"]
                    : ["planned", "failed"];
        if (!right.Contains(status))
            _wrongs.Add(new Wrong(5, $"{source.Name} is {(isEqual ? "equal" : "different")}, and {run.Settings.Mode} says {status}"));
    }

    /// <summary>Each ref that is held back is named.</summary>
    private void JudgeNames(SimRepository source, JsonElement entry, IReadOnlySet<string> differences)
    {
        var text = entry.GetRawText();
        foreach (var name in differences.Where(n => n.All(char.IsAscii)))
        {
            if (!text.Contains(name, StringComparison.Ordinal))
                _wrongs.Add(new Wrong(5, $"{source.Name}: {name} is held back, and the report does not name it: {MessageOf(entry)}"));
        }
    }

    private static bool AreEqual(Dictionary<string, string> one, Dictionary<string, string> other) =>
        one.Count == other.Count && !one.Except(other).Any();

    internal static string StatusOf(JsonElement entry) => entry.GetProperty("status").GetString()!;

    internal static string CodeOf(JsonElement entry) =>
        entry.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("code").GetString()! : "";

    internal static string MessageOf(JsonElement entry) =>
        entry.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("message").GetString()! : "";
}
