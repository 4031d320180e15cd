using System.Text.RegularExpressions;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Reports;
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
        var (which, nth) = Command.Requests(stage, world.SourceRequests, world.DestinationRequests);
        var before = await Command.StateAsync(world);
        proxy.Arm(fault.Fault, which, nth, lasts);
        world.Fault = fault;

        var report = await world.RunAsync();

        var hits = proxy.Hits;
        proxy.Disarm();
        var repository = Command.Pick(report);
        var error = report.Error ?? repository?.Error;
        Hold(hits > 0, "the fault met no request");
        HoldVerdict(report, repository, error, hits);
        HoldTexts(error);
        await HoldRefsAsync(before, repository);
        await HoldRestAsync(repository);
        await HoldNextRunAsync();
        var outcome =
            $"{(error is null ? report.Result.ToString() : error.Code.ToString())}, {repository?.Attempts ?? 0} attempts, {hits} hits{(error is null ? "" : $": {error.Message}")}";
        return (outcome, _problems);
    }

    private FaultCommand Command => world.Command;

    private void HoldVerdict(RunReport report, RepositoryReport? repository, RepositoryError? error, int hits)
    {
        var verdict = Command.VerdictOf(fault, stage, Host);
        var isWorkedAround = Command.IsWorkedAround(fault, stage);
        var isSuccess = Command.IsSuccess(world, report, repository);
        var isFailure = verdict == Verdict.Lasting || (lasts && verdict == Verdict.Passing && !isWorkedAround);
        if (Command.IsWarning(stage))
        {
            Hold(isSuccess, $"it is no reason to fail: {error}");
            Hold(
                isFailure == repository?.Warnings.Any(w => Peers.Any(w.Contains)),
                $"the warnings are {string.Join(" ", repository?.Warnings ?? [])}"
            );
        }
        else if (isFailure)
        {
            Hold(!isSuccess && error is not null, "it was taken for a success");
            Hold(error is null || IsCode(error), $"the code is {error?.Code}, not {string.Join(" or ", fault.Codes)}");
        }
        else if (!lasts || !isSuccess)
        {
            Hold(isSuccess || (lasts && error is not null && IsCode(error)), $"it did not recover: {error}");
        }

        // The REST clients of Bitbucket ask once more after a 401; whoever lists refs asks in another way.
        var most =
            verdict == Verdict.Lasting ? 1
            : verdict == Verdict.Harmless && stage.IsRest() ? 1
            : int.MaxValue;
        Hold(hits <= most, $"what is not worth repeating was repeated: {hits} times");
        if (lasts && verdict == Verdict.Passing && !isWorkedAround)
        {
            Hold(hits > 1, "what is worth repeating was not repeated");
        }
    }

    private bool IsCode(RepositoryError error) => fault.Codes.Contains(error.Code) || (stage.IsLfs() && error.Code == ErrorCode.Lfs);

    private HostRequests Host => stage.IsSource() ? world.SourceRequests : world.DestinationRequests;

    /// <summary>By these names a message says who failed; links of LFS servers have another one.</summary>
    private string[] Peers
    {
        get
        {
            var url = (stage.IsSource() ? world.SourceProxy : world.DestinationProxy).Url;
            return [url.Authority, $"localhost:{url.Port}", Host.Name];
        }
    }

    private void HoldTexts(RepositoryError? error)
    {
        var texts = world.Said.Append(error?.Message ?? "-").Append(error?.Hint ?? "-").ToArray();
        Hold(texts.All(t => t.Trim().Length > 0), "a message is empty");
        Hold(!texts.Any(t => t.Any(c => char.IsControl(c) || c == '\u202e')), "a message holds control characters");
        Hold(!world.Secrets.Any(s => texts.Any(t => t.Contains(s, StringComparison.Ordinal))), "a message holds a secret");
        if (error is not null)
        {
            Hold(Peers.Any(n => error.Message.Contains(n, StringComparison.Ordinal)), $"the message does not say who failed: {error.Message}");
        }
    }

    private async Task HoldRefsAsync(IReadOnlyDictionary<string, string> before, RepositoryReport? repository)
    {
        var after = await Command.StateAsync(world);
        var moved = before
            .Keys.Union(after.Keys)
            .Select(name => new
            {
                Name = name,
                Old = before.GetValueOrDefault(name),
                New = after.GetValueOrDefault(name),
            })
            .Where(r => r.Old != r.New)
            .Select(r => $"{r.Name} {r.Old} {r.New}")
            .Order(StringComparer.Ordinal)
            .ToArray();
        var told = (Command.ReportsMoves ? repository?.Changes ?? [] : [])
            .Select(c => $"{c.Ref} {c.Old} {c.New}")
            .Order(StringComparer.Ordinal)
            .ToArray();
        Hold(moved.SequenceEqual(told), $"moved: {string.Join(", ", moved)}; reported: {string.Join(", ", told)}");
        if (repository is { Verified: true })
        {
            var differences = string.Join(", ", FaultCommand.Differences(Command.Original(world), after));
            Hold(differences.Length == 0, $"verified, and not equal: {differences}");
        }
    }

    private async Task HoldRestAsync(RepositoryReport? repository)
    {
        await foreach (var problem in Command.ProblemsAsync(world, repository))
        {
            Hold(false, problem);
        }

        Hold(world.Elsewhere.Connections == 0, "another host was asked");
    }

    private async Task HoldNextRunAsync()
    {
        world.Patience = TimeSpan.FromSeconds(20);
        world.Fault = null;
        var report = await world.RunAsync();
        var repository = Command.Pick(report);
        if (!Command.IsSuccess(world, report, repository))
        {
            Hold(false, $"the next run failed: {report.Error ?? repository?.Error}");
            return;
        }

        await HoldRestAsync(repository);
        foreach (var difference in Command.ProblemsInTheEnd(world))
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
