using MirrorAction.Hosts.Rest;
using MirrorAction.Http;
using Octokit;
using Octokit.Internal;

namespace MirrorAction.Hosts.GitHub;

/// <summary>
/// GitHub's REST interface as one caller sees it, with rate limits of its own: a token, an App, or one installation of an App. Requests are made by
/// Octokit's connection, go over <see cref="RestClient"/>'s chain, and are read by source-generated models. Thread-safe.
/// </summary>
internal sealed class GitHubApi
{
    private static readonly ProductHeaderValue s_product = new("MirrorAction", RestClient.Version);
    private static readonly InMemoryCredentialStore s_noCredentials = new(Octokit.Credentials.Anonymous);
    private static readonly GitHubSerializer s_serializer = new();

    private readonly GitHubOptions _options;
    private readonly ICredentialProvider _credential;
    private readonly Uri _baseUrl;
    private readonly RestClient _rest;

    /// <summary>Asks over a transport that the caller owns.</summary>
    public GitHubApi(HttpClient transport, GitHubOptions options, ICredentialProvider credential, TimeProvider time, Action<string> log)
    {
        _options = options;
        _credential = credential;
        _baseUrl = HostUrl.Join(options.ApiUrl, "");
        _rest = new RestClient(transport, RestOptionsOf(options, credential), time, log);
    }

    /// <summary>REST requests sent so far.</summary>
    public long Requests => _rest.Requests;

    /// <summary>An address below the REST interface.</summary>
    public Uri UrlOf(string path) => HostUrl.Join(_options.ApiUrl, path);

    /// <summary>Reads a page of a listing.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public Task<GitHubAnswer<JsonPage>> GetPageAsync(Uri page, CancellationToken cancellationToken) =>
        RunAsync(_rest.Pages, connection => connection.Get<JsonPage>(page, null, null, cancellationToken), cancellationToken);

    /// <summary>Reads one object.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public Task<GitHubAnswer<T>> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : class => RunAsync(_rest.Repeating, connection => connection.Get<T>(UrlOf(path), null, null, cancellationToken), cancellationToken);

    /// <summary>Reads one object, by a request that is not repeated.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public Task<GitHubAnswer<T>> GetOnceAsync<T>(string path, CancellationToken cancellationToken)
        where T : class => RunAsync(_rest.Once, connection => connection.Get<T>(UrlOf(path), null, null, cancellationToken), cancellationToken);

    /// <summary>Asks for something whose repetition does no harm.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public Task<GitHubAnswer<T>> PostAsync<T>(string path, object body, CancellationToken cancellationToken)
        where T : class => RunAsync(_rest.Repeating, connection => connection.Post<T>(UrlOf(path), body, null, null), cancellationToken);

    /// <summary>Makes something, by a request that is not repeated.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public Task<GitHubAnswer<T>> PostOnceAsync<T>(string path, object body, CancellationToken cancellationToken)
        where T : class => RunAsync(_rest.Once, connection => connection.Post<T>(UrlOf(path), body, null, null), cancellationToken);

    /// <summary>Changes something.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public Task<GitHubAnswer<T>> PatchAsync<T>(string path, object body, CancellationToken cancellationToken)
        where T : class => RunAsync(_rest.Repeating, connection => connection.Patch<T>(UrlOf(path), body), cancellationToken);

    /// <summary>Sets something.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    public Task<GitHubAnswer<T>> PutAsync<T>(string path, object body, CancellationToken cancellationToken)
        where T : class => RunAsync(_rest.Repeating, connection => connection.Put<T>(UrlOf(path), body), cancellationToken);

    /// <summary>Repeats a call while its failure looks temporary.</summary>
    public Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        _rest.RetryAsync(call, cancellationToken);

    /// <summary>Who asks.</summary>
    public ICredentialProvider Credentials => _credential;

    /// <summary>What a refusal means to these credentials; null when GitHub has no word of its own for it.</summary>
    public static HostFailure? Explain(GitHubOptions options, int? status, string text) =>
        ToCaller(options, status, text, options.App is null ? GitHubFailures.Explain(status, text) : GitHubAppFailures.Explain(status, text));

    private static HostFailure? Explain(GitHubOptions options, RestResponse response)
    {
        var ofReader = options.App is null ? GitHubFailures.Explain(response) : GitHubAppFailures.Explain(response);
        return ToCaller(options, response.Status, response.Text, ofReader);
    }

    private static HostFailure? ToCaller(GitHubOptions options, int? status, string text, HostFailure? ofReader) =>
        options.Writes ? GitHubWriteFailures.Explain(status, text, ofReader) : ofReader;

    /// <summary>One connection a call: it holds nothing but the transport, which knows how to end this call and keeps its answer.</summary>
    private async Task<GitHubAnswer<T>> RunAsync<T>(
        HttpClient client,
        Func<Connection, Task<IApiResponse<T>>> call,
        CancellationToken cancellationToken
    )
        where T : class
    {
        using var transport = new OctokitTransport(client, cancellationToken);
        try
        {
            var answer = await call(new Connection(s_product, _baseUrl, s_noCredentials, transport, s_serializer));
            return new GitHubAnswer<T>(answer.Body ?? throw new FormatException("there is nothing in it"), transport.Response!);
        }
        catch (FormatException e) when (transport.Response is { } response)
        {
            throw response.NotUnderstood(e.Message);
        }
    }

    private static RestOptions RestOptionsOf(GitHubOptions options, ICredentialProvider credential) =>
        new()
        {
            Name = "GitHub",
            Credential = credential,
            Headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")],
            RequestIdHeader = "X-GitHub-Request-Id",
            ReadMessage = GitHubFailures.ReadMessage,
            Explain = response => Explain(options, response),
            IdleTimeout = options.IdleTimeout,
            Deadline = options.Deadline,
        };
}

/// <summary>What GitHub answered.</summary>
/// <param name="Body">The body.</param>
/// <param name="Response">The whole answer, for its headers and for messages.</param>
internal sealed record GitHubAnswer<T>(T Body, RestResponse Response);
