using System.Text.Json.Serialization.Metadata;
using MirrorAction.Hosts.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>One who asks GitHub, with rate limits of its own: a token, an App, or one installation of an App. Thread-safe.</summary>
internal sealed class GitHubIdentity
{
    private readonly GitHubOptions _options;
    private readonly IHostCredential _credential;

    /// <summary>Asks over a client that the caller owns.</summary>
    public GitHubIdentity(HttpClient client, GitHubOptions options, IHostCredential credential, TimeProvider time, Action<string> say)
    {
        _options = options;
        _credential = credential;
        Http = new HostHttp(client, Profile(options, credential), time, say);
    }

    /// <summary>The send path.</summary>
    public HostHttp Http { get; }

    /// <summary>REST requests sent so far.</summary>
    public long Requests => Http.Requests;

    /// <summary>Reads from a path below the REST interface, or from an address that was followed there.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public Task<HostAnswer> GetAsync(Uri url, CancellationToken cancellationToken) => Http.SendAsync(HttpMethod.Get, url, null, cancellationToken);

    /// <summary>Reads one object.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => (await GetAsync(UrlOf(path), cancellationToken)).Read(type);

    /// <summary>Asks for something whose repetition does no harm.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public Task<HostAnswer> PostAsync(string path, byte[] json, CancellationToken cancellationToken) =>
        Http.SendAsync(HttpMethod.Post, UrlOf(path), json, cancellationToken);

    /// <summary>An address below the REST interface.</summary>
    public Uri UrlOf(string path) => HostUrl.Join(_options.ApiUrl, path);

    /// <summary>The login for git; null for nobody.</summary>
    public async ValueTask<GitLogin?> GetGitLoginAsync(CancellationToken cancellationToken) =>
        await _credential.GetAsync(cancellationToken) is { } authorization ? new GitLogin("x-access-token", authorization.Secret) : null;

    /// <summary>Is told that git answered 401; returns whether there is another login now.</summary>
    public bool RefuseGitLogin(GitLogin login) => _credential.Refuse(login.Secret);

    /// <summary>What a refusal means to these credentials; null when GitHub has no word of its own for it.</summary>
    public static HostFailure? Explain(GitHubOptions options, int? status, string text) =>
        ToAsker(options, status, text, options.App is null ? GitHubFailures.Explain(status, text) : GitHubAppFailures.Explain(status, text));

    private static HostFailure? Explain(GitHubOptions options, HostAnswer answer) =>
        ToAsker(options, answer.Status, answer.Text, options.App is null ? GitHubFailures.Explain(answer) : GitHubAppFailures.Explain(answer));

    private static HostFailure? ToAsker(GitHubOptions options, int? status, string text, HostFailure? ofReader) =>
        options.Writes ? GitHubWriteFailures.Explain(status, text, ofReader) : ofReader;

    private static HostProfile Profile(GitHubOptions options, IHostCredential credential) =>
        new()
        {
            Name = "GitHub",
            Credential = credential,
            Headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")],
            RequestIdHeader = "X-GitHub-Request-Id",
            ReadMessage = GitHubFailures.ReadMessage,
            Explain = answer => Explain(options, answer),
            IdleTimeout = options.IdleTimeout,
            Deadline = options.Deadline,
        };
}
