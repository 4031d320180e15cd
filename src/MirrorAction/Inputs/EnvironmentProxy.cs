using System.Collections;
using System.Net;

namespace MirrorAction.Inputs;

/// <summary>
/// The proxy that the environment names (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>ALL_PROXY</c>, in either case). It is never asked for a host on
/// loopback, which it could not reach, and its address holds no login: .NET quotes the address where the proxy refuses.
/// </summary>
/// <param name="inner">The proxy as .NET reads it from the environment, <c>NO_PROXY</c> included.</param>
internal sealed class EnvironmentProxy(IWebProxy inner) : IWebProxy
{
    private static readonly string[] s_variables = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    /// <summary>That of this process.</summary>
    public static EnvironmentProxy OfProcess() => new(HttpClient.DefaultProxy);

    /// <summary>Users and passwords of proxies, as they are written and as they are meant.</summary>
    public static IEnumerable<string> SecretsIn(EnvironmentVariables environment) =>
        environment
            .Names.Where(name => s_variables.Contains(name, StringComparer.OrdinalIgnoreCase))
            .Select(name => environment[name])
            .OfType<string>()
            .SelectMany(SecretsOf);

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) =>
        !IsBypassed(destination) && inner.GetProxy(destination) is { } proxy ? new UriBuilder(proxy) { UserName = "", Password = "" }.Uri : null;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => host.IsLoopback || inner.IsBypassed(host);

    private static IEnumerable<string> SecretsOf(string url)
    {
        // A password may hold an '@', and the scheme may be missing.
        var end = url.LastIndexOf('@');
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var written = end < 0 ? "" : url[(scheme >= 0 && scheme < end ? scheme + 3 : 0)..end];
        foreach (var login in new[] { written, Uri.UnescapeDataString(written) })
        {
            yield return login;
            foreach (var part in login.Split(':', 2))
            {
                yield return part;
                yield return Uri.UnescapeDataString(part);
            }
        }
    }
}

/// <summary>A picture of the process's environment, taken once. Immutable.</summary>
internal sealed class EnvironmentVariables(IReadOnlyDictionary<string, string> values)
{
    /// <summary>The names of all variables.</summary>
    public IEnumerable<string> Names => values.Keys;

    /// <summary>The trimmed value; null when the variable is missing or holds nothing but white space.</summary>
    public string? this[string name] => values.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    /// <summary>No variable at all.</summary>
    public static EnvironmentVariables None { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The environment of this process, by exact names; a shell could not read names with hyphens.</summary>
    public static EnvironmentVariables OfProcess() =>
        new(
            Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal)
        );
}
