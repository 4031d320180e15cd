using System.Net;
using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

/// <summary>Turns what was thrown into the report's words: a code, a message and, where a host's meaning is known, the cure.</summary>
internal static class FailureTranslator
{
    private const string Shrink = "Take large files out of its history (git lfs migrate), or leave the repository out with 'exclude'.";

    /// <summary>The cure of a 411.</summary>
    private const string AllowChunks =
        "The server, or a proxy before it, wants to know the length of a push beforehand: "
        + "let it take chunked requests (in lighttpd: server.stream-request-body = 0).";

    internal static RepositoryError ToError(Exception exception, SourceJob job) => exception is GitException e ? FromGit(e, job) : ToError(exception);

    internal static RepositoryError ToError(Exception exception) =>
        exception switch
        {
            MirrorException e => e.Error,
            HostException e => FromHost(e, isSource: false),
            OperationCanceledException => new RepositoryError(
                ErrorCode.Cancelled,
                "The run was stopped before this repository was done.",
                "The next run continues where this one ended."
            ),
            _ => new RepositoryError(
                ErrorCode.Internal,
                $"{exception.GetType().Name}: {exception.Message}",
                "This is a fault of MirrorAction; please report it with the debug log."
            ),
        };

    internal static RepositoryError FromHost(HostException e, bool isSource) => new(CodeOf(e.Failure.Kind, isSource), e.Message, e.Failure.Hint);

    /// <summary>Why a source that refuses is left alone instead of being a failure; null when it is one.</summary>
    internal static SkipReason? ToSkipReason(GitException exception, SourceJob job) =>
        exception is GitRemoteException { Service: GitService.UploadPack } e
            ? job.IsWiki && e.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone
                ? SkipReason.NoWiki
                : job.Explain(e)?.Kind switch
                {
                    HostFailureKind.Blocked => SkipReason.Blocked,
                    HostFailureKind.Disabled => SkipReason.Disabled,
                    _ => null,
                }
            : null;

    private static RepositoryError FromGit(GitException exception, SourceJob job)
    {
        var isSource = exception.Service != GitService.ReceivePack;
        if (exception is LfsException lfs)
        {
            return new RepositoryError(ErrorCode.Lfs, lfs.Message, LfsHints.For(lfs.Fault, isSource));
        }

        if (exception is GitRemoteException remote)
        {
            return job.Explain(remote) is { } failure
                ? new RepositoryError(CodeOf(failure.Kind, isSource), remote.Message, failure.Hint)
                : new RepositoryError(
                    remote.IsPackTooLarge && !isSource
                        ? ErrorCode.TooLarge
                        : CodeOf(remote.Status, isSource || remote is { IsOfReading: true, Status: null }),
                    remote.Message,
                    remote.Status == HttpStatusCode.LengthRequired ? AllowChunks : null
                );
        }

        var code = exception switch
        {
            PackTooLargeException => ErrorCode.TooLarge,
            GitProtocolException => ErrorCode.Protocol,
            GitTransportException { IsTimeout: true } => ErrorCode.Timeout,
            _ => ErrorCode.Network,
        };
        return new RepositoryError(
            code,
            exception.Message,
            exception switch
            {
                PackTooLargeException => CureOfSize(job),
                GitTransportException { Fault: { } fault } => CureOf(fault),
                _ => null,
            }
        );
    }

    /// <summary>The cure of what is too large.</summary>
    internal static string CureOfSize(SourceJob job) =>
        job is RepositoryJob { Overwrites: not OverwritePolicy.Everything }
            ? $"Give a higher 'push-limit' if the host takes more in one push. Else: {Shrink}"
            : Shrink;

    private static string CureOf(ConnectionFault fault) =>
        fault switch
        {
            ConnectionFault.Certificate =>
                "Its TLS certificate is not trusted: install its certificate authority on the runner (SSL_CERT_FILE names a file with it).",
            ConnectionFault.CertificateName => "Its TLS certificate is for another name: give the address that it was made for.",
            _ => "What answers there speaks no TLS, or none that the runner's system allows: it may be a port for plain HTTP. Correct the address.",
        };

    private static ErrorCode CodeOf(HttpStatusCode? status, bool isSource) =>
        status switch
        {
            HttpStatusCode.Unauthorized => isSource ? ErrorCode.SourceUnauthorized : ErrorCode.DestinationUnauthorized,
            HttpStatusCode.Forbidden => isSource ? ErrorCode.SourceForbidden : ErrorCode.DestinationForbidden,
            HttpStatusCode.NotFound or HttpStatusCode.Gone => isSource ? ErrorCode.SourceNotFound : ErrorCode.DestinationNotFound,
            HttpStatusCode.RequestEntityTooLarge => ErrorCode.TooLarge,
            HttpStatusCode.TooManyRequests => ErrorCode.RateLimited,
            HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout => ErrorCode.Timeout,
            >= HttpStatusCode.InternalServerError => ErrorCode.Network,
            null => isSource ? ErrorCode.Protocol : ErrorCode.RefRejected,
            _ => ErrorCode.Protocol,
        };

    internal static ErrorCode CodeOf(HostFailureKind kind, bool isSource) =>
        kind switch
        {
            HostFailureKind.Unauthorized => isSource ? ErrorCode.SourceUnauthorized : ErrorCode.DestinationUnauthorized,
            HostFailureKind.Forbidden or HostFailureKind.Disabled or HostFailureKind.Blocked => isSource
                ? ErrorCode.SourceForbidden
                : ErrorCode.DestinationForbidden,
            HostFailureKind.NotFound => isSource ? ErrorCode.SourceNotFound : ErrorCode.DestinationNotFound,
            HostFailureKind.Lfs => ErrorCode.Lfs,
            HostFailureKind.Quota => ErrorCode.DestinationQuota,
            HostFailureKind.TooLarge or HostFailureKind.FileTooLarge => ErrorCode.TooLarge,
            HostFailureKind.RefRejected => ErrorCode.RefRejected,
            HostFailureKind.RateLimited => ErrorCode.RateLimited,
            HostFailureKind.Unavailable => ErrorCode.Network,
            _ => ErrorCode.Protocol,
        };
}

/// <summary>What to do about objects of Git LFS that did not move.</summary>
internal static class LfsHints
{
    /// <summary>About single objects.</summary>
    internal const string Objects =
        "In a clone of the source 'git lfs fetch --all' and 'git lfs fsck' name what is damaged there, and 'git lfs push --object-id' sends it again "
        + "from a whole clone. What is too large for the destination needs another limit there. The next run tries these refs again; what has moved "
        + "is not sent twice.";

    private const string WithoutLfs = "With 'lfs: false' only the pointers are mirrored, which some hosts refuse, and no file that they stand for.";

    /// <summary>About a side that gives, or takes, nothing at all.</summary>
    internal static string For(LfsFault fault, bool isSource) =>
        (fault, isSource) switch
        {
            (LfsFault.Quota, true) =>
                "The LFS quota of the source's owner is used up, against which hosts count downloads: raise it there, or wait until it begins anew. "
                    + "What has moved is not asked for again.",
            (LfsFault.Quota, false) =>
                "The LFS storage of the destination is used up, and no ref moved: raise it there, or delete what is no longer needed. " + WithoutLfs,
            (LfsFault.RepositoryQuota, true) => "The repository is over its host's limit of size: make it smaller there, or have the limit raised.",
            (LfsFault.RepositoryQuota, false) =>
                "The mirror is over the destination's limit for one repository, and no ref moved: have the limit raised there. " + WithoutLfs,
            (LfsFault.NotServed, true) => "The source's host has no LFS for this repository: switch it on there. " + WithoutLfs,
            (LfsFault.NotServed, false) =>
                "The repository uses Git LFS, which the destination does not have, or not for this mirror: switch it on in the mirror's settings, or "
                    + "have an administrator of the server do it. "
                    + WithoutLfs,
            (LfsFault.NotUnderstood, _) => "What answers at the LFS address of the repository is no LFS server, or one of another protocol. "
                + WithoutLfs,
            (_, true) => "Give credentials that may read the repository's LFS objects.",
            (_, false) => "Give credentials that may write the mirror, and see whether Git LFS is switched on in its settings. " + WithoutLfs,
        };
}
