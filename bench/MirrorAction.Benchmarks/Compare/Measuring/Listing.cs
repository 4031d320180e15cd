using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using MirrorAction.Benchmarks.Compare.Scenarios;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Measuring;

/// <summary>Asks both hosts for what every tool has to know: which repositories there are, and which refs.</summary>
internal static partial class Listing
{
    private static readonly string s_refsRequest =
        PktLine.Of("command=ls-refs")
        + PktLine.Of("object-format=sha1")
        + PktLine.Delimiter
        + PktLine.Of("ref-prefix refs/heads/")
        + PktLine.Of("ref-prefix refs/tags/")
        + PktLine.Flush;

    /// <summary>Asks once, page by page, and tells what went over the wire.</summary>
    internal static async Task<Traffic> AskAsync(World world)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.UserAgent.ParseAdd("compare");
        world.ForgetRequests();
        await PagesAsync(client, new Uri(world.GitHub.ApiUrl, $"orgs/{World.Owner}/repos?per_page=100"), world.GitHub.FullToken);
        await PagesAsync(
            client,
            new Uri(world.Bitbucket.ApiUrl, $"repositories/{World.Workspace}?pagelen=100&fields=next,values.slug"),
            world.Bitbucket.Token
        );
        foreach (var (source, destination) in world.Pairs)
        {
            using var refs = new HttpRequestMessage(HttpMethod.Post, new Uri(world.GitHub.ServerUrl, $"{source.FullName}.git/git-upload-pack"));
            refs.Headers.Add("Git-Protocol", "version=2");
            refs.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(s_refsRequest));
            refs.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-git-upload-pack-request");
            await SendAsync(client, refs, Basic("x-access-token", world.GitHub.FullToken));

            using var advertisement = new HttpRequestMessage(
                HttpMethod.Get,
                new Uri(world.Bitbucket.GitUrl, $"{destination.FullName}.git/info/refs?service=git-receive-pack")
            );
            await SendAsync(client, advertisement, Basic("x-token-auth", world.Bitbucket.Token));
        }

        return Traffic.Of(world);
    }

    private static async Task PagesAsync(HttpClient client, Uri first, string token)
    {
        for (var next = first; next is not null; )
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, next);
            var (body, links) = await SendAsync(client, request, new AuthenticationHeaderValue("Bearer", token));
            next = Next().Match(links + body) is { Success: true } match
                ? new Uri(match.Groups["url"].Value.Replace(@"\u0026", "&", StringComparison.Ordinal))
                : null;
        }
    }

    private static async Task<(string Body, string Links)> SendAsync(
        HttpClient client,
        HttpRequestMessage request,
        AuthenticationHeaderValue authorization
    )
    {
        request.Headers.Authorization = authorization;
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsStringAsync(), response.Headers.TryGetValues("Link", out var links) ? string.Join(",", links) : "");
    }

    private static AuthenticationHeaderValue Basic(string user, string secret) =>
        AuthenticationHeaderValue.Parse(new BasicLogin(user, secret).Header);

    /// <summary>The next page, as GitHub tells it in a header or Bitbucket in the body.</summary>
    [GeneratedRegex("""<(?<url>[^>]+)>; rel="next"|"next":"(?<url>[^"]+)["]""")]
    private static partial Regex Next();
}
