using System.Globalization;
using MirrorAction.Hosts;
using MirrorAction.Hosts.BitbucketDataCenter;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.BitbucketDataCenter;

/// <summary>Answers of a Data Center below a context path, and clients for them.</summary>
internal static class DataCenterScript
{
    /// <summary>The context path, so that every test also tries a base address with a path.</summary>
    public const string Base = "/git";

    /// <summary>Where REST begins.</summary>
    public const string Api = Base + "/rest/api/1.0";

    /// <summary>Where the second page of the scripts starts: not at the number of entries of the first.</summary>
    public const int SecondStart = 7;

    private static readonly string s_long = new('x', 300);

    /// <summary>Entries of a listing.</summary>
    public static EntrySamples Samples { get; } =
        new(
            entries => Page(entries),
            (name, more) => $$"""{"id":{{Id(name)}},"slug":"{{name}}","state":"AVAILABLE","public":false{{more}}}""",
            [
                ("{}", "slug", null),
                ("""{"id":91}""", "slug", null),
                ("""{"id":92,"slug":""}""", "slug", null),
                ("""{"id":93,"slug":"x/y"}""", "slug", "x/y"),
                ("""{"id":94,"slug":".."}""", "slug", ".."),
                ("""{"id":95,"slug":"x\u001b[2Jy"}""", "slug", "xy"),
                ("""{"id":96,"slug":"x\u202ez"}""", "slug", "xz"),
                ("""{"id":97,"slug":"x\ud800"}""", "slug", null),
                ($$"""{"id":98,"slug":"{{s_long}}"}""", "slug", null),
                ("""{"id":99,"slug":5}""", "slug", null),
                ("""{"slug":"no-id"}""", "id", "no-id"),
                ("""{"id":0,"slug":"zero"}""", "id", "zero"),
                ("""{"id":-1,"slug":"negative"}""", "id", "negative"),
                ("""{"id":"7","slug":"text-id"}""", "id", "text-id"),
                ("""{"id":7.5,"slug":"half-id"}""", "id", "half-id"),
                ("""{"id":99999999999999999999,"slug":"beyond"}""", "id", "beyond"),
                ("""{"id":14,"slug":"odd-text","description":{"a":1}}""", "description", "odd-text"),
                ("""{"id":15,"slug":"odd-project","project":"ACME"}""", "project", "odd-project"),
                ("""{"id":16,"slug":"odd-flag","archived":"yes"}""", "archived", "odd-flag"),
                ("""{"id":17,"slug":"odd-privacy","public":"no"}""", "public", "odd-privacy"),
                ("""{"id":18,"slug":"odd-state","state":1}""", "state", "odd-state"),
                ("""{"id":19,"slug":"odd-links","links":{"clone":{"http":"x"}}}""", "links", "odd-links"),
                ("""{"id":20,"slug":"odd-origin","origin":true}""", "origin", "odd-origin"),
                ("[]", null, null),
                ("null", null, null),
                ("\"website\"", null, null),
                ("7", null, null),
            ]
        );

    /// <summary>A page around entries; the last one without a next start.</summary>
    public static string Page(string entries, string? next = null) =>
        $$"""{"size":1,"limit":1000,"start":0,"isLastPage":{{(next is null ? "true" : "false")}},"nextPageStart":{{next ?? "null"}},"values":[{{entries}}]}""";

    /// <summary>A page of repositories before the one that an address of the scripts stands for; any other address stays text.</summary>
    public static string Page(string? next, string secondPage, IEnumerable<string> entries) =>
        Page(
            string.Join(',', entries),
            next is null ? null
                : next == secondPage ? SecondStart.ToString(CultureInfo.InvariantCulture)
                : $"\"{next}\""
        );

    /// <summary>The address of a page of a project's repositories.</summary>
    public static string PageOf(string project, int start) =>
        string.Create(CultureInfo.InvariantCulture, $"{Api}/projects/{project}/repos?start={start}&limit=1000");

    /// <summary>A refusal; the sentence alone where no exception is named.</summary>
    public static string Refusal(string message, string? exception = null) =>
        $$"""{"errors":[{"context":null,"message":"{{message}}","exceptionName":{{(exception is null ? "null" : $"\"com.atlassian.bitbucket.{exception}\"")}}}]}""";

    /// <summary>An id for a name.</summary>
    public static int Id(string name) => name.Aggregate(1000, (sum, letter) => (sum * 7 + letter) % 1_000_003);

    /// <summary>The server by a token, or by none.</summary>
    public static IRepositoryHost Open(
        StubHost stub,
        HttpClient http,
        TimeProvider time,
        Action<string> say,
        string? token,
        DateTimeOffset? deadline = null,
        bool writes = false,
        string? username = null,
        Action<string>? hide = null
    )
    {
        var web = new Uri(stub.Url + Base);
        return DataCenterHost.Definition.Open(
            new HostSettings
            {
                WebUrl = web,
                ApiUrl = DataCenterHost.Definition.ApiUrlOf(web),
                Token = token,
                Username = username,
                Writes = writes,
                Credential = writes ? "a token (destination-token)" : "a token (source-token)",
            },
            new HostConnection(http, time, say, hide ?? (_ => { })) { Deadline = deadline }
        );
    }
}
