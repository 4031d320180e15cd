using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Hostile;

/// <summary>Listings of hundreds of megabytes, against the real program in a heap that is smaller than two of their pages.</summary>
public sealed class LargeListingTests
{
    private const int Pages = 20;

    /// <summary>Of a page: 31 MiB in all.</summary>
    private const int Entries = 100;
    private const int TextLength = 31 * 1024 * 1024 / Entries;

    [Theory]
    [InlineData("plan")]
    [InlineData("restore", "--dry-run")]
    public async Task Texts_of_twenty_full_pages_at_both_hosts_fit_into_a_small_heap(string mode, params string[] options)
    {
        await using var world = await ActionWorld.StartAsync();
        world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
        (await world.RunAsync()).ExitCode.ShouldBe(0);
        world.GitHub.AcceptsWrites = true;
        world.Inputs["github-token"] = world.GitHub.WriteToken;
        world.Inputs["repositories"] = "website";
        world.Environment["DOTNET_GCHeapHardLimit"] = "4000000"; // 64 MiB
        world.GitHub.Intercept = PutBefore(r => r.Path.Value!.EndsWith("/repos", StringComparison.Ordinal), isGitHub: true);
        world.Bitbucket.Intercept = PutBefore(r => r.Path.Value!.EndsWith("/repositories/acme-mirror", StringComparison.Ordinal), isGitHub: false);

        var outcome = await world.RunAsync([mode, .. options]);

        outcome.ExitCode.ShouldBe(0, outcome.Text[..Math.Min(outcome.Text.Length, 5000)]);
        world.Report["repositories"]!.AsArray().ShouldHaveSingleItem()!["source"]!.ToString().ShouldEndWith("/website");
        world.GitHub.RestRequests.Count(r => r.PathAndQuery.Contains("/repos?", StringComparison.Ordinal)).ShouldBe(Pages + 1);
        world.Bitbucket.RestRequests.Count(r => r.PathAndQuery.Contains("/repositories/acme-mirror?", StringComparison.Ordinal)).ShouldBe(Pages + 1);
    }

    /// <summary>Gives large pages before the host's own.</summary>
    private static Interception PutBefore(Func<HttpRequest, bool> which, bool isGitHub) =>
        Interceptions.On(
            which,
            async (context, next) =>
            {
                var (request, response) = (context.Request, context.Response);
                var page = int.TryParse(request.Query["large"], out var asked) ? asked : 0;
                if (page == Pages)
                {
                    await next();
                    return;
                }

                var following = $"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}?large={page + 1}";
                response.ContentType = "application/json";
                response.Headers.ContentEncoding = "gzip";
                if (isGitHub)
                    response.Headers.Link = $"<{following}>; rel=\"next\"";
                await using var zip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
                async Task WriteAsync(string text) => await zip.WriteAsync(Encoding.ASCII.GetBytes(text), context.RequestAborted);

                await WriteAsync(isGitHub ? "[" : $$"""{"next":"{{following}}","values":[""");
                var text = new string('x', TextLength);
                for (var i = 0; i < Entries; i++)
                {
                    var number = 1_000_000 + (page * Entries) + i;
                    await WriteAsync(i > 0 ? "," : "");
                    await WriteAsync(
                        isGitHub
                            ? $$"""{"id":{{number}},"name":"large-{{number}}","private":true,"description":"{{text}}"}"""
                            : $$"""{"slug":"large-{{number}}","description":"{{text}}"}"""
                    );
                }

                await WriteAsync(isGitHub ? "]" : "]}");
            }
        );
}
