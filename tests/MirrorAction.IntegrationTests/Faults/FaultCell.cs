using System.Text.RegularExpressions;
using MirrorAction.Git;
using MirrorAction.Mirroring.Reporting;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>One fault at one stage, once or for the whole run: what happens, and everything that must hold then and after the next run.</summary>
internal sealed partial class FaultCell(Stage stage, FaultCase fault, bool lasts, FaultWorld world)
{
    private readonly List<string> _problems = [];

    /// <summary>Runs the cell; what does not hold, in words.</summary>
    public async Task<(string Outcome, IReadOnlyList<string> Problems)> RunAsync()
    {
        var proxy = stage.IsSource() ? world.SourceProxy : world.DestinationProxy;
        var (which, nth) = stage.Requests();
        proxy.Arm(fault.Fault, which, nth, lasts);
        var before = world.Mirrored;

        var report = await world.RunAsync();

        var hits = proxy.Hits;
        proxy.Disarm();
        var repository = report.Repositories.SingleOrDefault();
        var error = report.Error ?? repository?.Error;
        Hold(hits > 0, "the fault met no request");
        HoldVerdict(report, repository, error, hits);
        HoldTexts(error);
        HoldRefs(before, repository);
        HoldOthers();
        await HoldNextRunAsync();
        var outcome = $"{(error is null ? report.Result.ToString() : error.Code.ToString())}, {repository?.Attempts ?? 0} attempts, {hits} hits{(error is null ? "" : $": {error.Message}")}";
        return (outcome, _problems);
    }

    private void HoldVerdict(RunReport report, RepositoryReport? repository, RepositoryError? error, int hits)
    {
        var verdict = fault.At(stage);
        var isSuccess = report.Result == RunResult.Success && repository is { Status: RepositoryStatus.Mirrored, Verified: true };
        if (verdict == Verdict.Lasting || (lasts && verdict == Verdict.Passing && !IsWorkedAround))
        {
            Hold(!isSuccess && error is not null, "it was taken for a success");
            Hold(error is null || fault.Codes.Contains(error.Code), $"the code is {error?.Code}, not {string.Join(" or ", fault.Codes)}");
        }
        else if (!lasts || !isSuccess)
        {
            Hold(isSuccess || (lasts && error is not null && fault.Codes.Contains(error.Code)), $"it did not recover: {error}");
        }

        // The REST clients of Bitbucket ask once more after a 401; whoever lists refs asks in another way.
        var most = verdict == Verdict.Lasting ? 1 : verdict == Verdict.Harmless && stage.IsRest() ? 1 : int.MaxValue;
        Hold(hits <= most, $"what is not worth repeating was repeated: {hits} times");
        if (lasts && verdict == Verdict.Passing && !IsWorkedAround)
        {
            Hold(hits > 1, "what is worth repeating was not repeated");
        }
    }

    /// <summary>The host did what it was asked, only its answer never came: whoever looks afterwards finds it done.</summary>
    private bool IsWorkedAround => stage == Stage.Report || ((stage == Stage.Create || stage.IsPush()) && fault.Fault is WireFault { Direction: FaultDirection.Down } or RewriteFault);

    private void HoldTexts(RepositoryError? error)
    {
        var texts = world.Said.Append(error?.Message ?? "-").Append(error?.Hint ?? "-").ToArray();
        Hold(texts.All(t => t.Trim().Length > 0), "a message is empty");
        Hold(!texts.Any(t => t.Any(c => char.IsControl(c) || c == '\u202e')), "a message holds control characters");
        Hold(!world.Secrets.Any(s => texts.Any(t => t.Contains(s, StringComparison.Ordinal))), "a message holds a secret");
        if (error is not null)
        {
            var peer = stage.IsSource() ? world.SourceProxy.Url : world.DestinationProxy.Url;
            string[] names = [peer.Authority, stage.IsSource() ? "GitHub" : "Bitbucket"];
            Hold(names.Any(n => error.Message.Contains(n, StringComparison.Ordinal)), $"the message does not say who failed: {error.Message}");
        }
    }

    private void HoldRefs(IReadOnlyDictionary<string, string> before, RepositoryReport? repository)
    {
        var after = world.Mirrored;
        var moved = before.Keys.Union(after.Keys)
            .Select(name => new { Name = name, Old = before.GetValueOrDefault(name), New = after.GetValueOrDefault(name) })
            .Where(r => r.Old != r.New).Select(r => $"{r.Name} {r.Old} {r.New}").Order(StringComparer.Ordinal).ToArray();
        var told = (repository?.Changes ?? []).Select(c => $"{c.Ref} {c.Old} {c.New}").Order(StringComparer.Ordinal).ToArray();
        Hold(moved.SequenceEqual(told), $"moved: {string.Join(", ", moved)}; reported: {string.Join(", ", told)}");
        if (repository is { Verified: true })
        {
            var mirrored = after.Where(r => !r.Key.StartsWith(RefPatternSet.KeptPrefix, StringComparison.Ordinal)).ToDictionary();
            Hold(mirrored.Count == world.Source.Git.BranchesAndTags().Count && !mirrored.Except(world.Source.Git.BranchesAndTags()).Any(), "verified, and not equal");
        }
    }

    private void HoldOthers()
    {
        Hold(!world.GitHub.WriteAttempts.Any(), "the source was written to");
        Hold(world.Elsewhere.Connections == 0, "another host was asked");
    }

    private async Task HoldNextRunAsync()
    {
        world.Patience = TimeSpan.FromSeconds(20);
        var report = await world.RunAsync();
        Hold(report.Result == RunResult.Success, $"the next run failed: {report.Error ?? report.Repositories.SingleOrDefault()?.Error}");
        foreach (var difference in MirrorComparison.Compare(world.GitHub, "acme", world.Bitbucket, "acme-mirror"))
        {
            Hold(false, $"after the next run: {difference}");
        }
    }

    private void Hold(bool condition, string problem)
    {
        if (!condition)
        {
            _problems.Add(Line().Replace(problem, " "));
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Line();
}
