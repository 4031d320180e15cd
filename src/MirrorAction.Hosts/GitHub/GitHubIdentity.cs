using System.Text.Json.Serialization.Metadata;
using MirrorAction.Hosts.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>One who asks GitHub, with rate limits of its own: a token, an App, or one installation of an App. Thread-safe.</summary>
internal sealed class GitHubIdentity
{
    private readonly GitHubOptions _options;
    private readonly IHostCredential _credential;
    private readonly HostHttp _http;

    /// <summary>Asks over a client that the caller owns.</summary>
    public GitHubIdentity(HttpClient client, GitHubOptions options, IHostCredential credential, TimeProvider time, Action<string> say)
    {
        _options = options;
        _credential = credential;
        _http = new HostHttp(client, Profile(options, credential), time, say);
    }

    /// <summary>REST requests sent so far.</summary>
    public long Requests => _http.Requests;

    /// <summary>Reads from a path below the REST interface, or from an address that was followed there.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public Task<HostAnswer> GetAsync(Uri url, CancellationToken cancellationToken) => _http.SendAsync(HttpMethod.Get, url, null, cancellationToken);

    /// <summary>Reads one object.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        (await GetAsync(UrlOf(path), cancellationToken).ConfigureAwait(false)).Read(type);

    /// <summary>Asks for something whose repetition does no harm.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public Task<HostAnswer> PostAsync(string path, byte[] json, CancellationToken cancellationToken) =>
        _http.SendAsync(HttpMethod.Post, UrlOf(path), json, cancellationToken);

    /// <summary>An address below the REST interface.</summary>
    public Uri UrlOf(string path) => HostUrl.Join(_options.ApiUrl, path);

    /// <summary>The login for git; null for nobody.</summary>
    public async ValueTask<GitLogin?> GetGitLoginAsync(CancellationToken cancellationToken) =>
        await _credential.GetAsync(cancellationToken).ConfigureAwait(false) is { } authorization ? new GitLogin("x-access-token", authorization.Secret) : null;

    /// <summary>Is told that git answered 401; returns whether there is another login now.</summary>
    public bool RefuseGitLogin(GitLogin login) => _credential.Refuse(login.Secret);

    private static HostProfile Profile(GitHubOptions options, IHostCredential credential) => new()
    {
        Name = "GitHub",
        Credential = credential,
        Headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")],
        RequestIdHeader = "X-GitHub-Request-Id",
        ReadMessage = GitHubFailures.ReadMessage,
        Explain = options.App is null ? GitHubFailures.Explain : GitHubAppFailures.Explain,
        IdleTimeout = options.IdleTimeout,
        Deadline = options.Deadline,
    };
}
