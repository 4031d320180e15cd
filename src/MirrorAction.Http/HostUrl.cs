namespace MirrorAction.Http;

/// <summary>Builds and compares the addresses of a host.</summary>
internal static class HostUrl
{
    /// <summary>A base address, which may have a path of its own (<c>https://ghes.example/api/v3</c>), plus a relative path and query.</summary>
    public static Uri Join(Uri baseUrl, string relative) => new(baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/" + relative);

    /// <summary>A name as one segment of a path. It can't climb: <c>..</c> is refused, <c>/</c> is escaped.</summary>
    /// <exception cref="ArgumentException">The name is empty or made of one or two dots.</exception>
    public static string Segment(string name) => Uri.EscapeDataString(RequireSegment(name));

    /// <summary>The name itself, for a library that escapes it as one segment.</summary>
    /// <exception cref="ArgumentException">The name is empty or made of one or two dots.</exception>
    public static string RequireSegment(string name) =>
        name is "" or "." or ".." ? throw new ArgumentException($"'{name}' is not a name.", nameof(name)) : name;

    /// <summary>Whether credentials for one address may be sent to the other: same scheme, host and port, and no user of its own.</summary>
    public static bool IsSameHost(Uri left, Uri right) =>
        left.Scheme == right.Scheme
        && string.Equals(left.Host, right.Host, StringComparison.OrdinalIgnoreCase) // IdnHost throws where a server writes nonsense.
        && left.Port == right.Port
        && right.UserInfo.Length == 0;
}
