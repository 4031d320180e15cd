using System.Net;
using System.Text;
using MirrorAction.Http;
using Octokit;
using Octokit.Internal;

namespace MirrorAction.Hosts.GitHub;

/// <summary>Sends the requests of one Octokit call over the chain of <see cref="RestClient"/>, and keeps the answer.</summary>
/// <remarks>
/// Octokit's own adapter is not used: it ends each request after 100 seconds, waits for a rate limit included, follows redirects to other hosts, and
/// throws on a <c>Link</c> that is not an address. Its connection takes no token to cancel a PATCH, so the transport has the token of the call.
/// </remarks>
internal sealed class OctokitTransport(HttpClient client, CancellationToken cancellationToken) : IHttpClient
{
    /// <summary>The last answer; null before it.</summary>
    public RestResponse? Response { get; private set; }

    /// <inheritdoc/>
    public async Task<IResponse> Send(IRequest request, CancellationToken ignored, Func<object, object>? preprocessResponseBody = null)
    {
        using var message = new HttpRequestMessage(request.Method, new Uri(request.BaseAddress, request.Endpoint));
        message.Headers.TryAddWithoutValidation("User-Agent", request.Headers["User-Agent"]);
        if (request.Body is string body)
        {
            message.Content = new StringContent(body, Encoding.UTF8);
        }

        using var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Response = RestResponse.Of(answer);
        return new Answer(Response);
    }

    /// <inheritdoc/>
    public void SetRequestTimeout(TimeSpan timeout)
    {
        // Time is limited in the chain.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The client is its owner's.
    }

    private sealed class Answer(RestResponse response) : IResponse
    {
        /// <summary>Octokit reads nothing from an empty object, which is an answer like another: the space makes it read.</summary>
        public object Body => response.Text + " ";

        public IReadOnlyDictionary<string, string> Headers => response.Headers.ToDictionary(header => header.Key, header => header.Value.First());

        public ApiInfo ApiInfo => new(new Dictionary<string, Uri>(), [], [], "", new Octokit.RateLimit(0, 0, 0));

        public HttpStatusCode StatusCode => (HttpStatusCode)response.Status;

        public string ContentType => "application/json";
    }
}

/// <summary>The body of an answer that nobody reads: that it came is enough.</summary>
internal sealed class Unread
{
    /// <summary>The only one.</summary>
    public static Unread Instance { get; } = new();
}

/// <summary>Reads and writes GitHub's JSON by source-generated models, for Octokit. No reflection is used.</summary>
internal sealed class GitHubSerializer : IJsonSerializer
{
    /// <summary>Where a page is not the array itself: <c>{"total_count":…,"repositories":[…]}</c>.</summary>
    private const string List = "repositories";

    /// <inheritdoc/>
    public string Serialize(object item) => System.Text.Json.JsonSerializer.Serialize(item, GitHubJson.Default.GetTypeInfo(item.GetType())!);

    /// <inheritdoc/>
    /// <exception cref="FormatException">It is not JSON of that shape.</exception>
    public T Deserialize<T>(string json)
    {
        if (typeof(T) == typeof(Unread))
        {
            return (T)(object)Unread.Instance;
        }

        var bytes = Encoding.UTF8.GetBytes(json);
        return (T)(
            typeof(T) == typeof(Rest.JsonPage) ? Rest.JsonPage.Read(bytes, List) : JsonForm.Read(bytes, GitHubJson.Default.GetTypeInfo(typeof(T))!)
        );
    }
}
