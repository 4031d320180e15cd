using System.Net;

namespace MirrorAction.Git.Model;

/// <summary>Anything that went wrong between this client and a git server. Messages never hold credentials.</summary>
public abstract class GitException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the same request may succeed a little later.</summary>
    public abstract bool IsTransient { get; }

    /// <summary>Which of the two conversations of a relay failed; null when it was neither.</summary>
    public GitService? Service { get; private set; }

    /// <summary>Says that it was the destination that failed, though it was only read.</summary>
    public void BlameDestination() => (Service, IsOfReading) = (GitService.ReceivePack, true);

    /// <summary>The destination was only read, so that it cannot have refused a ref.</summary>
    public bool IsOfReading { get; private set; }

    /// <summary>
    /// It ended a transfer for several refs; one for fewer of them may get through. Or it met each of them, and no other repetition helps.
    /// </summary>
    public bool IsOfMany { get; private set; }

    /// <summary>Says that it ended a transfer for several refs, and may be about one of them.</summary>
    public void BlameOneOfMany() => IsOfMany = true;

    /// <summary>Names the conversation, unless an inner one has already been named. An exception filter: always false.</summary>
    internal bool In(GitService service)
    {
        Service ??= service;
        return false;
    }
}

/// <summary>The two services of a git server.</summary>
public enum GitService
{
    /// <summary>Reading: the source of a relay.</summary>
    UploadPack,

    /// <summary>Writing: its destination.</summary>
    ReceivePack,
}

/// <summary>The peer's bytes broke git's grammar. Trying again brings the same bytes.</summary>
public sealed class GitProtocolException(string message) : GitException(message)
{
    /// <inheritdoc/>
    public override bool IsTransient => false;
}

/// <summary>The connection failed, went silent or ended early. Nothing is known of what the peer thinks.</summary>
public sealed class GitTransportException(string message, Exception? inner = null) : GitException(message, inner)
{
    /// <summary>It was silence, not a broken connection.</summary>
    public bool IsTimeout { get; init; }

    /// <summary>What is wrong with the way to the peer; null where that is not known.</summary>
    public ConnectionFault? Fault { get; init; }

    /// <summary>The peer ended its answer in HTTP's good order, but before the end that git gives it: the program behind the server died.</summary>
    public bool IsBrokenOff { get; init; }

    /// <summary>The peer sent not one packet: it may not know the protocol's version, or not the object format, that it was asked in.</summary>
    internal bool IsEmptyAnswer { get; init; }

    /// <inheritdoc/>
    public override bool IsTransient => Fault is null;
}

/// <summary>Why a connection did not become secure, where no repetition mends that.</summary>
public enum ConnectionFault
{
    /// <summary>The peer's certificate is not trusted.</summary>
    Certificate,

    /// <summary>The peer's certificate is for another name.</summary>
    CertificateName,

    /// <summary>The peer speaks no TLS, or none that this system allows.</summary>
    NoTls,
}

/// <summary>A pack is larger than the destination's limit for one push, and was cut off before its end.</summary>
public sealed class PackTooLargeException(string message) : GitException(message)
{
    /// <inheritdoc/>
    public override bool IsTransient => false;
}

/// <summary>The peer said no, in git's words (<c>ERR</c>, band 3, <c>unpack</c>) or in HTTP's.</summary>
public sealed class GitRemoteException(string message) : GitException(message)
{
    /// <summary>The HTTP status of a refusal on that level; null when git itself refused.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>What the peer wrote, sanitised for a log, without prefix; empty when it wrote nothing.</summary>
    public string RemoteMessage { get; init; } = "";

    /// <summary>How long the peer asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// A web page came where git's bytes were due: hosts in trouble, and proxies before them, give such pages even with status 200.
    /// </summary>
    public bool IsPage { get; init; }

    /// <summary>The peer refused the login (401), and there is another one since.</summary>
    public bool IsLoginRenewed { get; init; }

    /// <summary>The source no longer has a wanted object: its refs moved between listing and fetching.</summary>
    public bool IsNotOurRef => RemoteMessage.Contains("not our ref", StringComparison.Ordinal);

    /// <summary>The pack was larger than the peer takes in one push.</summary>
    public bool IsPackTooLarge => Status == HttpStatusCode.RequestEntityTooLarge || IsAboutPackSize(RemoteMessage);

    /// <summary>git's words for that: <c>fatal: pack exceeds maximum allowed size (2.00 GiB)</c>.</summary>
    internal static bool IsAboutPackSize(string text) => text.Contains("pack exceeds maximum allowed size", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool IsTransient =>
        IsNotOurRef
        || IsPage
        || Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        || Status is >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented;
}
