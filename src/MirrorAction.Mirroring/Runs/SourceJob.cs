using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

/// <summary>One repository to read by git: where it is, what its host said of it, and how patiently it is asked. Immutable.</summary>
public record SourceJob
{
    /// <summary><c>owner/name</c>, or the URL in <c>sync</c>.</summary>
    public required string SourceName { get; init; }

    /// <summary>Where git finds the source.</summary>
    public required GitEndpoint Source { get; init; }

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
