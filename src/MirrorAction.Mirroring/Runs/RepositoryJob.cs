using System.Net;
using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

/// <summary>What there is of a destination.</summary>
public enum DestinationState
{
    /// <summary>It was there before this run, or is a wiki that its host has.</summary>
    Existing,

    /// <summary>It was created in this run; its git server may need a moment to know it.</summary>
    New,

    /// <summary>It does not exist: a plan for a repository that would be created.</summary>
    Missing,
}

/// <summary>Whose a destination is.</summary>
public enum Ownership
{
    /// <summary>Nothing says it: its branches have to.</summary>
    Unproven,

    /// <summary>This source's: it was created in this run, or its mark names this very source.</summary>
    Own,

    /// <summary>Its mark names another source.</summary>
    Other,

    /// <summary>Its mark names a source at another host, where others may run its mirror.</summary>
    OtherHost,
}

/// <summary>What of a destination may be overwritten, unless it may be adopted.</summary>
public enum OverwritePolicy
{
    /// <summary>All: it is a mirror.</summary>
    Everything,

    /// <summary>What it has may only move forward: someone may have worked in a restore that was stopped.</summary>
    ForwardOnly,

    /// <summary>Nothing: only an empty one is written, for a restore leaves alone what someone works in.</summary>
    EmptyOnly,
}

/// <summary>One repository to mirror: where from, where to, and what the hosts said of both. Immutable.</summary>
public sealed record RepositoryJob : SourceJob
{
    /// <summary><c>workspace/slug</c>, or the URL in <c>sync</c>.</summary>
    public required string DestinationName { get; init; }

    /// <summary>Where git finds the destination.</summary>
    public required GitEndpoint Destination { get; init; }

    /// <summary>Shows what would be done and writes nothing.</summary>
    public bool IsPlan { get; init; }

    /// <summary>What is there to push to.</summary>
    public DestinationState State { get; init; }

    /// <summary>The destination is its host's own wiki: which branch it shows is the host's affair.</summary>
    public bool IsOwnWiki { get; init; }

    /// <summary>Whose the destination is, as far as that is known before its refs are.</summary>
    public Ownership Ownership { get; init; }

    /// <summary>What of the destination may be overwritten.</summary>
    public OverwritePolicy Overwrites { get; init; }

    /// <summary>
    /// Marks an empty destination before it is first written, so that a later run knows what an earlier one has begun; null for no mark.
    /// </summary>
    public Func<CancellationToken, Task>? MarkAsRestoring { get; init; }

    /// <summary>The source as a mark names it: <c>github.com/acme/website (id 4711)</c>; null in <c>sync</c>, where there is no mark.</summary>
    public string? Identity { get; init; }

    /// <summary>The same of another source, when <see cref="Ownership"/> says that the destination is the mirror of that; null otherwise.</summary>
    public string? MirrorOf { get; init; }

    /// <summary>
    /// Is called when no rule forbids the plan, before anything is written, also when nothing is to be written or all is only shown. What it throws
    /// ends the attempt. Null for nothing.
    /// </summary>
    public Func<MirrorPlan, CancellationToken, Task>? BeforePush { get; init; }

    /// <summary>Ids that the source had in an earlier run, as far as its report is at hand: the source may have forgotten them since.</summary>
    public IReadOnlySet<string> KnownBefore { get; init; } = new HashSet<string>();

    /// <summary>The destination's main branch as its host listed it; null when there is none, or none is known.</summary>
    public string? MainBranch { get; init; }

    /// <summary>Makes a branch of the destination its main branch; null where there is no host to ask.</summary>
    public Func<string, CancellationToken, Task>? SetMainBranch { get; init; }

    /// <summary>Called when the destination got its default branch from a push; null where there is no host to ask.</summary>
    public Func<CancellationToken, Task>? FirstPushed { get; init; }

    /// <summary>Called before branches of the destination are rewritten or deleted; null where there is no host to ask.</summary>
    public Func<CancellationToken, Task>? BeforeRewrite { get; init; }

    /// <summary>
    /// Finds the destination's main branch where <see cref="MainBranch"/> is not known, without <c>refs/heads/</c>; null where there is no host to
    /// ask.
    /// </summary>
    public Func<CancellationToken, Task<string?>>? FindMainBranch { get; init; }

    /// <summary>What the destination's host means by a refusal.</summary>
    public Func<int?, string, HostFailure?> ExplainDestination { get; init; } = static (_, _) => null;

    /// <summary>The largest pack that the destination takes in one push, in bytes; null for no limit.</summary>
    public long? MaxPackBytes { get; init; }

    /// <summary>What the source's host says of the repository's size, in bytes; null where it does not say.</summary>
    public long? ExpectedPackBytes { get; init; }

    internal override HostFailure? Explain(GitRemoteException refusal) =>
        refusal.Service == GitService.ReceivePack ? ExplainDestination((int?)refusal.Status, refusal.RemoteMessage) : base.Explain(refusal);

    internal override GitEndpoint PeerOf(GitService? service) => service == GitService.ReceivePack ? Destination : Source;

    /// <summary>A repository that was just created may not be known to every git server yet.</summary>
    internal override bool IsPassing(GitRemoteException refusal) =>
        State == DestinationState.New && refusal is { Service: GitService.ReceivePack, Status: HttpStatusCode.NotFound };
}

/// <summary>One repository to read by git: where it is, what its host said of it, and how patiently it is asked. Immutable.</summary>
public record SourceJob
{
    /// <summary><c>owner/name</c>, or the URL in <c>sync</c>.</summary>
    public required string SourceName { get; init; }

    /// <summary>Where git finds the source.</summary>
    public required GitEndpoint Source { get; init; }

    /// <summary>The source's default branch as its host lists it, without <c>refs/heads/</c>; null where it does not.</summary>
    public string? DefaultBranch { get; init; }

    /// <summary>Opens what is read where that is not at <see cref="Source"/>, such as bundles; null asks the server there.</summary>
    public Func<GitHttpOptions, IFetchSource>? OpenLocal { get; init; }

    /// <summary>Where objects of Git LFS are, beside what <see cref="OpenLocal"/> reads; null where there are none.</summary>
    public ILfsSource? LocalLfs { get; init; }

    /// <summary>The rules.</summary>
    public required RefOptions Options { get; init; }

    /// <summary>It is a wiki, which may not exist though its repository was just listed.</summary>
    public bool IsWiki { get; init; }

    /// <summary>Asks the source's host whether a repository that git did not find is really gone; null where there is no host to ask.</summary>
    public Func<CancellationToken, Task<bool>>? ExistsAtSource { get; init; }

    /// <summary>What the source's host means by a refusal.</summary>
    public Func<int?, string, HostFailure?> ExplainSource { get; init; } = static (_, _) => null;

    /// <summary>The pause before the second attempt; it doubles from there. The default value is 1 second.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>When the run ends: no wait that would outlast it is begun. Null for no end; then no wait of more than an hour is begun.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Called for long waits when they begin; null when the log is read at once anyway.</summary>
    public Action<string>? Announce { get; init; }

    /// <summary>Called for pack bytes that went through.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>What may be under way beside the repository's own conversation. The default value is nothing.</summary>
    public TransferSlots Slots { get; init; } = new(0);

    /// <summary>What is known of the quotas of owners. The default value is what this repository alone learns.</summary>
    public LfsQuotas LfsQuotas { get; init; } = new();

    /// <summary>The source for one attempt.</summary>
    internal IFetchSource OpenSource(GitHttp http, TransferCounter counter) =>
        OpenLocal?.Invoke(http.Options) ?? new UploadPackClient(http, Source, counter);

    /// <summary>What the host that refused means by it; null when it has no word of its own for it.</summary>
    internal virtual HostFailure? Explain(GitRemoteException refusal) => ExplainSource((int?)refusal.Status, refusal.RemoteMessage);

    /// <summary>The server of the conversation that failed.</summary>
    internal virtual GitEndpoint PeerOf(GitService? service) => Source;

    /// <summary>Why a source without refs is left alone.</summary>
    internal SkipReason ReasonOfEmpty => IsWiki ? SkipReason.NoWiki : SkipReason.Empty;

    /// <summary>The refusal passes with time, though it is of a kind that does not.</summary>
    internal virtual bool IsPassing(GitRemoteException refusal) => false;
}
