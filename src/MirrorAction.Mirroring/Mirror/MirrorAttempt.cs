using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.Http;
using MirrorAction.Mirroring.Lfs;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>
/// One try at one repository, from a fresh advertisement to the proof that both sides are equal. The old values in its commands make a
/// blind repeat harmless, so that a try that failed anywhere is followed by another from the start and never by a repair in the middle.
/// </summary>
/// <param name="http">The connections to git servers.</param>
/// <param name="job">What to mirror.</param>
/// <param name="counter">Where requests and bytes are counted.</param>
/// <param name="time">The clock.</param>
/// <param name="earlierTips">Where earlier attempts of this run have kept values of refs.</param>
internal sealed class MirrorAttempt(
    GitHttp http,
    RepositoryJob job,
    TransferCounter counter,
    TimeProvider time,
    IReadOnlyDictionary<RefName, RefName> earlierTips
)
{
    private readonly IFetchSource _source = job.OpenSource(http, counter);
    private readonly ReceivePackClient _destination = new(http, job.Destination, counter);
    private readonly List<RefUpdateResult> _results = [];

    // From the first push on, refs may have moved, whatever became of it.
    private bool _isWriting;
    private ValueKeeper? _keeper;

    /// <summary>The attempt is to send everything and to move no ref; null for one that makes both sides equal.</summary>
    internal RepositoryRepair? Repair { get; init; }

    /// <summary>Brings what the refs need of Git LFS, before them.</summary>
    internal required RepositoryLfs Lfs { get; init; }

    /// <summary>What earlier attempts learnt.</summary>
    internal PushLessons Lessons { get; init; } = new();

    /// <summary>Repetition has not helped: what can't be transferred is looked for among the refs.</summary>
    internal bool IsLastResort { get; init; }

    /// <summary>What the source listed; null until it did.</summary>
    internal RemoteRefs? SourceRefs { get; private set; }

    /// <summary>What the destination had at the beginning of the attempt; null until it was asked.</summary>
    internal RefAdvertisement? Before { get; private set; }

    /// <summary>What it had at the end; null when nothing was pushed, or it could not be asked again.</summary>
    internal RefAdvertisement? After { get; private set; }

    /// <summary>Why the destination keeps another main branch; null when it does not.</summary>
    internal string? MainBranchNote { get; private set; }

    /// <summary>What was to be done; null when it did not come so far.</summary>
    internal MirrorPlan? Plan { get; private set; }

    /// <summary>
    /// Which of the values that were to go the source does not know. In a restore nobody asks: the destination is where people work.
    /// </summary>
    internal ForeignValues Foreign { get; private set; } = ForeignValues.None;

    /// <summary>Commands of which the destination said that they succeeded.</summary>
    internal IEnumerable<RefUpdate> Accepted => _results.Where(r => r.Status == RefUpdateStatus.Ok).Select(r => r.Update);

    /// <summary>Something that was planned is done, as far as it is known.</summary>
    internal bool HasMoved => Accepted.Any() || Plan?.Changes.Any(change => IsDone(change.Update)) == true;

    /// <summary>Commands that did not succeed; what the destination has in the end counts more than what it answered.</summary>
    internal IReadOnlyList<RefUpdateResult> Refused => [.. _results.Where(r => r.Status != RefUpdateStatus.Ok && !IsDone(r.Update))];

    /// <summary>Where values of refs are kept that were to be overwritten, as far as it is known.</summary>
    internal IEnumerable<(RefName Name, RefName Tip)> Kept =>
        from change in Plan?.Changes ?? []
        where change.KeptAs is { } tip && _keeper is { } keeper && !keeper.HasRefused(tip)
        select (change.Update.Name, change.KeptAs!.Value);

    /// <summary>Some refs were left as they are because the destination would not keep their old values.</summary>
    internal bool IsAnythingUnkept { get; private set; }

    /// <summary>The source lists nothing that is mirrored.</summary>
    internal bool IsSourceEmpty => SourceRefs is { } refs && !refs.Refs.Keys.Any(job.Options.Patterns.Includes);

    /// <summary>Runs the attempt.</summary>
    /// <exception cref="GitException">Source or destination failed.</exception>
    /// <exception cref="HostException">The destination could not be claimed, or its main branch not be set.</exception>
    /// <exception cref="MirrorException">A rule of the mirror forbids it.</exception>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await ReadBothSidesAsync(cancellationToken);
        if (IsSourceEmpty)
        {
            return;
        }

        var relay = new PackRelay(_source, SourceRefs!, _destination, Before!, RelayRules.Of(job, Lessons, IsLastResort, Repair is not null));
        await using var history = new NewHistory(job, relay, _source, SourceRefs!, IsLastResort);
        await history.LookAsync(Before!, cancellationToken);
        Plan = await MakePlanAsync(history.Pack, cancellationToken);
        await FindMainBranchAsync(Plan, cancellationToken);
        await Guard.HoldAsync(Plan, MainBranch, cancellationToken);
        await MakeAsync(Plan, relay, history, cancellationToken);
    }

    private async Task MakeAsync(MirrorPlan plan, PackRelay relay, NewHistory history, CancellationToken cancellationToken)
    {
        await (job.BeforePush?.Invoke(plan, cancellationToken) ?? Task.CompletedTask);
        await (job.IsPlan || Repair is not null ? FindForeignAsync(plan, cancellationToken) : Task.CompletedTask);
        if (job.IsPlan)
        {
            await Lfs.ForecastAsync(history, plan.NewValues, Before!.ObjectIds, cancellationToken);
            return;
        }

        if (Repair is not null)
        {
            var all = SourceRefs!.Refs.Where(r => job.Options.Patterns.Includes(r.Key)).Select(r => r.Value);
            await Repair.SendAsync(relay, SourceRefs, await Lfs.SendAsync(history, all, [], cancellationToken), cancellationToken);
            return;
        }

        if (job is { Overwrites: OverwritePolicy.EmptyOnly, MarkAsRestoring: { } claim } && !plan.IsEmpty && Before!.Refs.Count == 0)
        {
            await claim(cancellationToken);
        }

        await ((plan.Overwritten.Any(u => u.Name.IsBranch) ? job.BeforeRewrite?.Invoke(cancellationToken) : null) ?? Task.CompletedTask);
        var lfs = await Lfs.SendAsync(history, plan.NewValues, Before!.ObjectIds, cancellationToken);
        var foreign = FindForeignAsync(plan, cancellationToken); // Only the report needs it: while old values are kept.
        try
        {
            await PushAsync(plan, lfs, relay, cancellationToken);
        }
        finally
        {
            await foreign.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await (foreign.IsFaulted ? foreign : Task.CompletedTask);
    }

    private async Task PushAsync(MirrorPlan plan, LfsHold lfs, PackRelay relay, CancellationToken cancellationToken)
    {
        _isWriting = !plan.IsEmpty;
        _results.AddRange(lfs.HeldBack(plan.Main.Select(c => c.Update)));
        var steps = new PushSteps(job, SourceRefs!, Before!, DefaultBranch, MainBranch, IsThere);
        var settling = Task.CompletedTask;
        foreach (var step in lfs.Divide(await KeepAsync(relay, plan, cancellationToken)).SelectMany(steps.Of))
        {
            await settling;
            _results.AddRange(await relay.RelayAsync([.. step.Changes.Select(c => c.Update)], cancellationToken));
            settling = SetMainBranchAsync(step.MainBranch, cancellationToken);
        }

        if (plan.IsEmpty)
        {
            await SetMainBranchAsync(DefaultBranch, cancellationToken);
            return;
        }

        var proof = DiscoverAsync(cancellationToken); // While the host sets its main branch.
        await Task.WhenAll(settling, proof);
        After = await proof;
        await DropNeedlessTipsAsync(relay, cancellationToken);

        // A branch whose creation was refused because an earlier push had made it meanwhile is there all the same.
        var isNew = DefaultBranch is { } main && !Before!.Refs.ContainsKey(main) && After.Refs.ContainsKey(main);
        await ((isNew ? job.FirstPushed?.Invoke(cancellationToken) : null) ?? Task.CompletedTask);
        await SetMainBranchAsync(DefaultBranch, cancellationToken);
    }

    /// <summary>Keeps old values where something is overwritten; returns what may be changed then.</summary>
    private async Task<IReadOnlyList<PlannedChange>> KeepAsync(PackRelay relay, MirrorPlan plan, CancellationToken cancellationToken)
    {
        _keeper = new ValueKeeper(relay, DiscoverAsync, Before!, plan, job.Options);
        _results.AddRange(await _keeper.KeepAsync(cancellationToken));
        var (allowed, left) = _keeper.Divide(plan.Main);
        _results.AddRange(left);
        IsAnythingUnkept = left.Count > 0;
        return allowed;
    }

    /// <summary>Takes back tips that nothing needs.</summary>
    private async Task DropNeedlessTipsAsync(PackRelay relay, CancellationToken cancellationToken)
    {
        if (ValueKeeper.FindNeedless(Plan!, Refused, After!) is { Count: > 0 } needless)
        {
            await relay.RelayAsync(needless, cancellationToken);
            After = await DiscoverAsync(cancellationToken);
        }
    }

    /// <summary>The branch that should be the destination's main branch; null when the source has none.</summary>
    private RefName? DefaultBranch => SourceRefs is { } refs ? RefDiff.DefaultBranchOf(refs, job.Options.Patterns) : null;

    private MirrorGuard Guard => new(job, SourceRefs!, Before!, _source);

    private RefName? MainBranch { get; set; }

    private async Task ReadBothSidesAsync(CancellationToken cancellationToken)
    {
        var listing = _source.ListRefsAsync(job.Options.Patterns, cancellationToken);
        await (job.IsWiki ? listing : Task.CompletedTask); // It may not exist, and some hosts make one for a client that asks how to push to it.
        var discovery = job.State == DestinationState.Missing ? null : DiscoverAsync(cancellationToken);
        await Task.WhenAll([listing, discovery ?? Task.CompletedTask]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The source first: what it says decides whether there is anything to do at the destination.
        SourceRefs = (await listing).WithDefaultBranch(job.DefaultBranch);
        Before = discovery is null ? RefAdvertisement.Empty(SourceRefs.ObjectFormat) : await discovery;
        MainBranch = job.MainBranch is { } listed ? RefName.ListedBranch(listed, Before.Refs.Keys) : null;
    }

    /// <summary>Asks for the main branch where it matters, and no listing told it: a host does not delete that one.</summary>
    private async Task FindMainBranchAsync(MirrorPlan plan, CancellationToken cancellationToken)
    {
        var matters = MainBranch is null && plan.Overwritten.Any(update => update is { IsDelete: true, Name.IsBranch: true });
        if (matters && job.FindMainBranch is { } find && await find(cancellationToken) is { } found)
        {
            MainBranch = RefName.ListedBranch(found, Before!.Refs.Keys);
        }
    }

    private async Task FindForeignAsync(MirrorPlan plan, CancellationToken cancellationToken)
    {
        var values =
            job.Overwrites != OverwritePolicy.Everything
                ? []
                : plan.Overwritten.Where(u => job.Options.Patterns.Includes(u.Name)).Select(u => u.Old).ToArray();
        Foreign = await ForeignValues.FindAsync(values, _source, SourceRefs!, job.KnownBefore, cancellationToken);
    }

    /// <summary>
    /// Reads the destination's refs. Of the mirror's own tips only those of this run are needed, and those that it may delete; there may be any
    /// number of others.
    /// </summary>
    private Task<RefAdvertisement> DiscoverAsync(CancellationToken cancellationToken)
    {
        var (now, expired, tips) = (time.GetUtcNow(), 0, earlierTips.Values.ToHashSet());
        bool IsOfThisRun(RefName name) =>
            tips.Contains(name) || (Plan?.KeptFolder is { } folder && name.Raw.StartsWith(folder, StringComparison.Ordinal));
        return _destination.DiscoverAsync(
            name => IsOfThisRun(name) || (KeptRefs.IsExpired(name, now, job.Options.KeepFor) && ++expired <= MirrorPlanner.MaxExpired),
            cancellationToken
        );
    }

    private async Task<MirrorPlan> MakePlanAsync(WholePack? pack, CancellationToken cancellationToken)
    {
        var toProve = MirrorPlanner.UpdatesToProve(SourceRefs!.Refs, Before!.Refs, job.Options.Patterns);
        var fastForwards = await new AncestryProbe(_source, IsLastResort).FindFastForwardsAsync(toProve, pack, cancellationToken);
        return MirrorPlanner.Plan(SourceRefs.Refs, Before.Refs, fastForwards, job.Options, time.GetUtcNow(), earlierTips);
    }

    private bool IsThere(RefName name) =>
        (After ?? Before)!.Refs.ContainsKey(name) || _results.Exists(r => r.Update.Name == name && r.Status == RefUpdateStatus.Ok);

    private async Task SetMainBranchAsync(RefName? branch, CancellationToken cancellationToken)
    {
        if (branch is not { } name || name == MainBranch || job.SetMainBranch is null || Guard.IsTaken || !IsThere(name))
        {
            return;
        }

        if (name.Text is { } text)
        {
            await job.SetMainBranch(text["refs/heads/".Length..], cancellationToken);
            MainBranch = name;
        }
        else if (MainBranch is { } main)
        {
            MainBranchNote =
                $"The main branch of {job.DestinationName} stays '{main.ShortName}': the default branch of {job.SourceName}, "
                + $"'{name.ShortName}', has a name that is not UTF-8, by which no host can be asked to change it.";
        }
    }

    /// <summary>Reads the destination again when an error left open what became of a push. Errors are ignored: the first one is the cause.</summary>
    internal async Task TryReadAfterAsync(CancellationToken cancellationToken)
    {
        try
        {
            After ??= _isWriting ? await DiscoverAsync(cancellationToken) : null;
        }
        catch (Exception e) when (e is GitException or MirrorException or OperationCanceledException)
        {
            // What is known is what was seen last.
        }
    }

    private bool IsDone(RefUpdate update) =>
        After is not null && (After.Refs.TryGetValue(update.Name, out var id) ? id == update.New : update.IsDelete);
}
