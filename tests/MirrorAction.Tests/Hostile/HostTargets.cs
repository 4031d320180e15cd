using System.Buffers;
using System.Net;
using System.Text;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;
using MirrorAction.Reporting;
using MirrorAction.Secrets;

namespace MirrorAction.Tests.Hostile;

/// <summary>The decoders of both hosts' JSON and headers, and what makes text fit to be printed.</summary>
internal static class HostTargets
{
    private const string GitHubPage =
        """[{"id":1,"name":"website","owner":{"login":"acme","type":"Organization"},"private":true,"visibility":"private","fork":false,"archived":false,"disabled":false,"default_branch":"main","size":12,"description":"x"}]""";

    private const string BitbucketPage =
        """{"next":"https://api.example/2.0/repositories/acme?page=2","values":[{"slug":"website","full_name":"acme/website","uuid":"{1}","is_private":true,"size":1,"mainbranch":{"name":"main"},"description":"Mirror of github.com/acme/website (id 1)"}]}""";

    private const string BitbucketRefusal =
        """{"type":"error","error":{"message":"Bad request","detail":{"required":["repository:admin"],"granted":["x"]},"fields":{"name":["is taken","again"]},"data":{"announcement_url":"https://x.example/y"}}}""";

    private const string GitHubRefusal =
        """{"message":"Resource not accessible by integration","errors":[{"message":"x"}],"documentation_url":"https://docs.github.com/rest","status":"403"}""";

    private static readonly SearchValues<char> s_markup = SearchValues.Create("<>|`*[]\n\r\\");

    internal static IEnumerable<FuzzTarget> All =>
        [
            new("github-list", [Bytes(GitHubPage), Bytes("[]")], input => List(GitHub(HttpStatusCode.OK, input)), e => e is HostException, 256),
            new(
                "github-refusal",
                [Bytes(GitHubRefusal), Bytes("<html>x</html>")],
                input => List(GitHub(Refused(input), input)),
                e => e is HostException,
                256
            ),
            new(
                "bitbucket-list",
                [Bytes(BitbucketPage), Bytes("{\"values\":[]}")],
                input => Bitbucket(HttpStatusCode.OK, input),
                e => e is HostException,
                256
            ),
            new("bitbucket-refusal", [Bytes(BitbucketRefusal)], input => Bitbucket(Refused(input), input), e => e is HostException, 256),
            new(
                "link-header",
                [
                    Bytes(
                        "<https://api.example/organizations/1/repos?page=2>; rel=\"next\", <https://api.example/organizations/1/repos?page=9>; rel=\"last\""
                    ),
                ],
                Link,
                e => e is HostException,
                256
            ),
            new(
                "printing",
                [.. MirrorAction.Tests.Reporting.HostileText.All.Select(row => Bytes(row.Data)).Where(text => text.Length is > 0 and < 4096)],
                Print,
                _ => false,
                512
            ),
        ];

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static HttpStatusCode Refused(byte[] input) =>
        (input.Length % 4) switch
        {
            0 => HttpStatusCode.BadRequest,
            1 => HttpStatusCode.Forbidden,
            2 => HttpStatusCode.NotFound,
            _ => HttpStatusCode.Conflict,
        };

    private static GitHubSource GitHub(HttpStatusCode status, byte[] body)
    {
        // No wait is begun after the deadline, so that a refusal for too many requests ends at once.
        var options = new GitHubOptions
        {
            ApiUrl = new("https://api.example/"),
            ServerUrl = new("https://git.example/"),
            Token = "token",
            Deadline = DateTimeOffset.UnixEpoch,
        };
        var account = Bytes("""{"login":"acme","type":"Organization"}""");
        return new GitHubSource(
            Client("[]", new("users/acme", HttpStatusCode.OK, account), new("", status, body)),
            options,
            TimeProvider.System,
            Told
        );
    }

    private static void List(GitHubSource client)
    {
        var listing = client.ListAsync("acme", CancellationToken.None).GetAwaiter().GetResult();
        foreach (var entry in listing.Unusable)
        {
            Told(entry.FullName + entry.Problem);
        }

        foreach (var repository in listing.Repositories)
        {
            TextSanitizer.IsClean(repository.Owner).ShouldBeTrue();
            TextSanitizer.IsClean(repository.Name).ShouldBeTrue();
            repository.GitUrl.Authority.ShouldBe("git.example");
        }
    }

    private static void Bitbucket(HttpStatusCode status, byte[] body)
    {
        var options = new BitbucketOptions
        {
            ApiUrl = new("https://api.example/2.0"),
            GitUrl = new("https://git.example/"),
            Workspace = "acme",
            Token = "token",
            Deadline = DateTimeOffset.UnixEpoch,
        };
        var client = new BitbucketDestination(Client("{\"values\":[]}", new Scripted("", status, body)), options, TimeProvider.System, Told);
        var listing = client.ListAsync(CancellationToken.None).GetAwaiter().GetResult();
        foreach (var entry in listing.Unusable)
        {
            Told(entry.FullName + entry.Problem);
        }

        foreach (var repository in listing.Repositories)
        {
            TextSanitizer.IsClean(repository.FullName).ShouldBeTrue();
            repository.GitUrl.Authority.ShouldBe("git.example");
        }
    }

    private static void Told(string text) => text.ShouldNotContain('\n');

    private static HttpClient Client(string lastPage, params Scripted[] answers) =>
        new(new ScriptedHandler(answers, Bytes(lastPage))) { Timeout = Timeout.InfiniteTimeSpan };

    private static void Link(byte[] input)
    {
        var first = new Uri("https://api.example/organizations/1/repos?page=1");
        var next = new Pagination(first).Follow(LinkHeader.Next(Encoding.Latin1.GetString(input)));
        if (next is not null)
            HostUrl.IsSameHost(first, next).ShouldBeTrue();
    }

    private static void Print(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        foreach (var line in ForeignText.SafeLines(text).Append(ForeignText.SafeLine(text)))
        {
            if (
                line.Any(char.IsControl)
                || line.TrimStart().StartsWith("::", StringComparison.Ordinal)
                || line.Contains("##[", StringComparison.Ordinal)
            )
                Assert.Fail($"'{line}' is not safe.");
        }

        if (MarkdownText.Escape(text).AsSpan().ContainsAny(s_markup))
            Assert.Fail("Markup was let through.");
    }

    private sealed record Scripted(string UrlPart, HttpStatusCode Status, byte[] Body);

    /// <summary>Gives each answer once; what is asked for afterwards is the last page.</summary>
    private sealed class ScriptedHandler(Scripted[] answers, byte[] lastPage) : HttpMessageHandler
    {
        private readonly List<Scripted> _left = [.. answers];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri!.Authority.ShouldBe("api.example");
            var answer =
                _left.Find(a => request.RequestUri.AbsoluteUri.Contains(a.UrlPart, StringComparison.Ordinal))
                ?? new Scripted("", HttpStatusCode.OK, lastPage);
            _left.Remove(answer);
            var response = new HttpResponseMessage(answer.Status) { Content = new ByteArrayContent(answer.Body), RequestMessage = request };
            response.Content.Headers.ContentType = new("application/json");
            return Task.FromResult(response);
        }
    }
}
