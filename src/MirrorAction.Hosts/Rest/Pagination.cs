using MirrorAction.Http;

namespace MirrorAction.Hosts.Rest;

/// <summary>
/// Follows a listing from page to page where the server says, but not astray: to another host, in circles or without end. Credentials are never
/// sent to an address that this type has not passed. One instance per listing; not thread-safe.
/// </summary>
internal sealed class Pagination
{
    /// <summary>100,000 repositories at 100 a page: beyond what any owner has, and an end to a server that never stops.</summary>
    public const int MaxPages = 1000;

    /// <summary>So many repositories, whatever the number of pages.</summary>
    public const int MaxEntries = 100_000;

    /// <summary>Bytes of all pages together, decompressed. 100,000 repositories of GitHub have about 0.6 GiB.</summary>
    public const long MaxBytes = 1L << 30;

    /// <summary>What HTTP servers take as an address; each is remembered.</summary>
    private const int MaxAddress = 8000;

    private readonly HashSet<string> _seen;
    private readonly Uri _first;
    private Uri _current;
    private long _bytes;
    private long _entries;

    /// <summary>Begins at the first page.</summary>
    public Pagination(Uri first)
    {
        _seen = [first.AbsoluteUri];
        _first = _current = first;
    }

    /// <summary>Counts a page.</summary>
    /// <exception cref="HostException">The listing is larger than any owner's (<see cref="HostFailureKind.Protocol"/>).</exception>
    public void Count(RestResponse answer, JsonPage page)
    {
        _bytes += answer.Received;
        _entries += page.Entries.Count;
        if (_bytes > MaxBytes || _entries > MaxEntries)
        {
            throw Refuse(FormattableString.Invariant($"has more than {MaxEntries} entries or {MaxBytes >> 20} MiB"));
        }
    }

    /// <summary>The next page; null after the last.</summary>
    /// <param name="next">What the server named, relative or absolute; null or empty after the last page.</param>
    /// <exception cref="HostException">The address may not be followed (<see cref="HostFailureKind.Protocol"/>).</exception>
    public Uri? Follow(string? next)
    {
        if (string.IsNullOrEmpty(next))
        {
            return null;
        }

        if (next.Length > MaxAddress || !Uri.TryCreate(_current, next, out var page))
        {
            throw Astray("is not an address");
        }

        if (!HostUrl.IsSameHost(_first, page))
        {
            throw Astray("is on another host");
        }

        if (!_seen.Add(page.AbsoluteUri))
        {
            throw Astray("was read already");
        }

        return _seen.Count > MaxPages ? throw Astray($"would be more than the {MaxPages} that are read at most") : _current = page;
    }

    private HostException Astray(string why) => Refuse($"names a next page that {why}; it was not followed");

    private HostException Refuse(string what) =>
        new(
            $"The listing {_first.AbsolutePath} {what}.",
            new HostFailure(
                HostFailureKind.Protocol,
                "Check that the API address is the host's own and that no proxy rewrites addresses in its " + "answers."
            )
        );
}

/// <summary>Reads the header by which GitHub names the next page (RFC 8288).</summary>
internal static class LinkHeader
{
    /// <summary>The target of <c>rel="next"</c>; null when there is none.</summary>
    /// <remarks><code>&lt;https://api.github.com/organizations/1/repos?page=2&gt;; rel="next", &lt;…&gt;; rel="last"</code></remarks>
    public static string? Next(string? header)
    {
        var rest = header.AsSpan();
        while (rest.IndexOf('<') is >= 0 and var open && rest[open..].IndexOf('>') is > 0 and var length)
        {
            var target = rest.Slice(open + 1, length - 1);
            rest = rest[(open + length + 1)..];
            var parameters = Take(ref rest, ',');
            while (!parameters.IsEmpty)
            {
                var parameter = Take(ref parameters, ';').Trim();
                if (
                    parameter.StartsWith("rel=", StringComparison.OrdinalIgnoreCase)
                    && parameter[4..].Trim("\" ").Equals("next", StringComparison.OrdinalIgnoreCase)
                )
                {
                    return target.ToString();
                }
            }
        }

        return null;
    }

    /// <summary>Takes what comes before a separator that is not in quotes, and the separator.</summary>
    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> rest, char separator)
    {
        var (end, isQuoted) = (0, false);
        for (; end < rest.Length && (isQuoted || rest[end] != separator); end++)
        {
            if (isQuoted && rest[end] == '\\')
            {
                end++; // The next character is meant as it is.
            }
            else
            {
                isQuoted ^= rest[end] == '"';
            }
        }

        end = Math.Min(end, rest.Length);
        var taken = rest[..end];
        rest = rest[Math.Min(end + 1, rest.Length)..];
        return taken;
    }
}
