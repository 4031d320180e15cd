using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Http;

namespace MirrorAction.Git.Lfs;

/// <summary>A request that an LFS server wants to be made for an object. Immutable; its address and headers may be as good as a password.</summary>
/// <remarks>
/// What a server says here sends this program to any address: only HTTP(S) is taken, without a user, never less secure than the repository itself.
/// The own credential goes along only to the repository's host, and only where the server neither gave one nor says that none is needed.
/// </remarks>
internal sealed class LfsLink
{
    /// <summary>More than the longest signed address of the clouds.</summary>
    private const int MaxLength = 16 << 10;

    private const int MaxHeaders = 32;

    /// <summary>A link that ends within this time is not used any more.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(30);

    /// <summary>These follow from the request itself, or are the connection's.</summary>
    private static readonly string[] s_own =
    [
        "Connection",
        "Content-Length",
        "Expect",
        "Host",
        "Keep-Alive",
        "Proxy-Authorization",
        "Proxy-Connection",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    ];

    private LfsLink(Uri url, IReadOnlyList<KeyValuePair<string, string>> headers, bool isForOwnCredential, DateTimeOffset? expiresAt) =>
        (Url, Headers, IsForOwnCredential, _expiresAt) = (url, headers, isForOwnCredential, expiresAt);

    private readonly DateTimeOffset? _expiresAt;

    internal Uri Url { get; }

    /// <summary>Headers that go along, those of the connection left out.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The request is made under the repository's own credential.</summary>
    internal bool IsForOwnCredential { get; }

    /// <summary>Whether the link should not be used any more.</summary>
    internal bool IsExpired(DateTimeOffset now) => _expiresAt is { } end && end - s_margin <= now;

    /// <summary>Reads what a server said.</summary>
    /// <param name="action">Its words.</param>
    /// <param name="isAuthenticated">The server says that the request needs no credential beside the headers.</param>
    /// <param name="repository">Who was asked.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="GitProtocolException">It is no request that this program makes.</exception>
    internal static LfsLink Read(LfsAction action, bool isAuthenticated, GitEndpoint repository, DateTimeOffset now)
    {
        var url = ReadUrl(action.Href, repository);
        var given = action.Header ?? new Dictionary<string, string?>();
        if (given.Count > MaxHeaders || given.Any(header => !IsHeader(header.Key, header.Value)))
        {
            throw Wrong(repository, "with headers that no request can have");
        }

        var hasOwn = given.Keys.Any(name => name.Equals("Authorization", StringComparison.OrdinalIgnoreCase));
        return new LfsLink(
            url,
            [.. given.Where(h => !s_own.Contains(h.Key, StringComparer.OrdinalIgnoreCase)).Select(h => KeyValuePair.Create(h.Key, h.Value!))],
            !hasOwn && !isAuthenticated && HostUrl.IsSameHost(repository.Url, url),
            ExpiryOf(action, now)
        );
    }

    private static Uri ReadUrl(string? href, GitEndpoint repository)
    {
        var isUrl = Uri.TryCreate(href, UriKind.Absolute, out var url) && href!.Length <= MaxLength && !href.Any(char.IsControl);
        if (!isUrl || url!.Scheme is not ("https" or "http") || url.UserInfo.Length > 0 || url.Host.Length == 0)
        {
            throw Wrong(repository, "at something that is no web address");
        }

        return url.Scheme == "https" || repository.Url.Scheme == "http"
            ? url
            : throw Wrong(repository, $"at {TextSanitizer.CleanEnd(url.Authority)} without encryption");
    }

    private static bool IsHeader(string name, string? value) =>
        name.Length is > 0 and <= 256
        && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
        && value is { Length: <= MaxLength }
        && value.All(c => c is >= ' ' and < '\x7f' or '\t');

    /// <summary>Some servers write the beginning of all time where a link does not end.</summary>
    private static DateTimeOffset? ExpiryOf(LfsAction action, DateTimeOffset now) =>
        action.ExpiresIn is > 0 and < int.MaxValue and var seconds ? now.AddSeconds(seconds)
        : DateTimeOffset.TryParse(action.ExpiresAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1970
            ? time
        : null;

    private static GitProtocolException Wrong(GitEndpoint repository, string where) =>
        new($"The LFS server of {repository.Url.Authority} has an object {where}; that is not followed.");
}
