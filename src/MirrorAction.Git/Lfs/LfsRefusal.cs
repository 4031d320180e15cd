using System.Net;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Lfs;

/// <summary>What an LFS server means by a refusal, as far as servers of all hosts share their words.</summary>
internal static class LfsRefusal
{
    /// <summary>Words about one repository, where the others may have room.</summary>
    private static readonly string[] s_repositoryQuota = ["repository size limit", "repository has exceeded its size limit"];

    private static readonly string[] s_quota =
    [
        "data quota",
        "lfs budget",
        "quota exceeded",
        "over quota",
        "storage quota",
        "storage limit",
        "out of storage",
        "bandwidth limit",
        "bandwidth quota",
        "purchase more data",
        "limit exceeded",
        .. s_repositoryQuota,
    ];

    /// <summary>The statuses 507 (storage) and 509 (bandwidth), which .NET knows the first of.</summary>
    private const HttpStatusCode BandwidthExceeded = (HttpStatusCode)509;

    /// <summary>A quota of the whole side. A size that is too large for a server is said by the same status, in other words.</summary>
    internal static bool IsQuota(HttpStatusCode status, string text) =>
        status is HttpStatusCode.InsufficientStorage or BandwidthExceeded || ((int)status is >= 400 and < 500 && HasAny(text, s_quota));

    private static LfsFault QuotaOf(string text) => HasAny(text, s_repositoryQuota) ? LfsFault.RepositoryQuota : LfsFault.Quota;

    private static bool HasAny(string text, string[] words) => Array.Exists(words, w => text.Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same may succeed a little later.</summary>
    internal static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        || (
            status >= HttpStatusCode.InternalServerError
            && status is not (HttpStatusCode.NotImplemented or HttpStatusCode.InsufficientStorage or BandwidthExceeded)
        );

    /// <summary>What a refusal of the batch API as a whole comes to, for one who asked about objects of any number.</summary>
    internal static GitException OfBatch(GitRemoteException refusal) =>
        refusal.Status switch
        {
            { } status when IsQuota(status, refusal.RemoteMessage) => Of(refusal, QuotaOf(refusal.RemoteMessage)),
            HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed => Of(
                refusal,
                LfsFault.NotServed
            ),
            HttpStatusCode.Forbidden => Of(refusal, LfsFault.Forbidden),
            _ => refusal,
        };

    /// <summary>What was said of one object: a quota stops all of them.</summary>
    internal static Exception OfObject(LfsPointer pointer, string peer, int code, string said, GitService service)
    {
        var message = $"{peer} refuses the LFS object {pointer.Oid} of {pointer.Size} bytes: {code} {said}".TrimEnd();
        if (!IsQuota((HttpStatusCode)code, said))
        {
            return new LfsObjectException(message);
        }

        var quota = new LfsException(message, QuotaOf(said));
        _ = quota.In(service);
        return quota;
    }

    /// <summary>What the refusal of a transfer comes to, which no repetition mends.</summary>
    internal static Exception OfTransfer(GitRemoteException refusal, HttpStatusCode status, LfsPointer pointer) =>
        IsQuota(status, refusal.RemoteMessage)
            ? Of(refusal, QuotaOf(refusal.RemoteMessage))
            : new LfsObjectException($"the LFS object {pointer.Oid} of {pointer.Size} bytes: {refusal.Message}");

    /// <summary>An error that is about all objects.</summary>
    internal static LfsException Of(GitException refusal, LfsFault fault)
    {
        var exception = new LfsException(refusal.Message, fault);
        if (refusal.Service is { } service)
        {
            exception.In(service);
        }

        return exception;
    }
}

/// <summary>No object of Git LFS can be read from, or stored at, one side: what is said of one would be said of all.</summary>
public sealed class LfsException(string message, LfsFault fault) : GitException(message)
{
    /// <summary>What is wrong.</summary>
    public LfsFault Fault { get; } = fault;

    /// <inheritdoc/>
    public override bool IsTransient => false;
}

/// <summary>Why a side has no use for any object.</summary>
public enum LfsFault
{
    /// <summary>Storage or bandwidth of the repository's owner is used up: what is said of one repository would be said of all.</summary>
    Quota,

    /// <summary>The repository is as large as a repository may be.</summary>
    RepositoryQuota,

    /// <summary>The server has no LFS, or it is switched off there.</summary>
    NotServed,

    /// <summary>The credential may not do it.</summary>
    Forbidden,

    /// <summary>The server's answers make no sense.</summary>
    NotUnderstood,
}

/// <summary>One object could not be moved; others may be.</summary>
internal sealed class LfsObjectException(string message, bool isMissing = false) : Exception(message)
{
    /// <summary>The source itself no longer has it.</summary>
    internal bool IsMissing { get; } = isMissing;
}
