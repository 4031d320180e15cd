using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Hostile;

/// <summary>
/// Servers that repeat what they were sent, broken up and so placed that every bound by which texts are shortened falls into a token: one run over
/// many
/// repositories, each with another place for the cut.
/// </summary>
public sealed class CutSecretTests : IAsyncLifetime
{
    private const string SourceToken = SecretWorld.SourceToken;
    private const string DestinationToken = SecretWorld.DestinationToken;
    private const int Repositories = 24;

    /// <summary>How much is kept: of an error page, of REST's words, of a cell, of words beside a pack, of a packet and of an annotation.</summary>
    private static readonly int[] s_bounds = [600, 500, 2400, 4096, 80, 4000];

    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await SecretWorld.StartAsync();
        for (var i = 0; i < Repositories; i++)
            _world.GitHub.AddRepository("acme", string.Create(CultureInfo.InvariantCulture, $"r{i}")).Git.Commit("a", "1\n");
    }

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData(500, "text/plain", "")]
    [InlineData(403, "text/html", "<b></b>")]
    [InlineData(500, "text/html", "<wbr>\n")]
    [InlineData(200, "text/plain", "\u200b")]
    [InlineData(403, "text/plain", "\u001b[31m")]
    [InlineData(500, "application/json", "\r\n")]
    public async Task Error_page_of_a_git_server_that_is_cut_in_a_token_shows_nothing_of_it(int status, string contentType, string between)
    {
        _world.GitHub.Intercept = Interceptions.On(
            request => request.Path.Value!.Contains(".git/", StringComparison.Ordinal),
            async (context, _) =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                context.Response.StatusCode = status;
                context.Response.ContentType = contentType;
                await context.Response.WriteAsync(Page(Sent(context), between, NumberOf(context)), context.RequestAborted);
            }
        );

        await ShouldShowNothingAsync(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u200b")]
    [InlineData("\u001b[1m")]
    [InlineData("\n")]
    public async Task Git_error_that_is_cut_in_a_token_shows_nothing_of_it(string between)
    {
        _world.GitHub.Intercept = Interceptions.On(
            request => request.Path.Value!.Contains(".git/", StringComparison.Ordinal),
            async (context, _) =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                context.Response.ContentType =
                    context.Request.Method == "GET" ? "application/x-git-upload-pack-advertisement" : "application/x-git-upload-pack-result";
                var number = NumberOf(context);
                var bytes = Encoding.UTF8.GetBytes((number % 2 == 0 ? "ERR " : "what is this ") + Page(Sent(context), between, number));
                await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes($"{bytes.Length + 4:x4}"), context.RequestAborted);
                await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            }
        );

        await ShouldShowNothingAsync(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u200b")]
    [InlineData("<i>")]
    public async Task Words_of_a_hook_that_are_cut_in_a_token_show_nothing_of_it(string between)
    {
        for (var i = 0; i < Repositories; i++)
        {
            var source = _world.GitHub.Find("acme", string.Create(CultureInfo.InvariantCulture, $"r{i}"))!;
            var mirror = _world.Bitbucket.AddRepository("acme-mirror", source.Name);
            mirror.Description = string.Create(CultureInfo.InvariantCulture, $"Mirror of github.com/acme/{source.Name} (id {source.Id})");
            var basic = new BasicLogin("x-token-auth", DestinationToken).Header;
            var words = Path.Combine(_world.Workspace, "..", $"words-{i}");
            await File.WriteAllTextAsync(
                words,
                Page([DestinationToken, basic, $"Bearer {DestinationToken}"], between, i),
                TestContext.Current.CancellationToken
            );
            mirror.Git.Hook(i % 2 == 0 ? "pre-receive" : "update", $"cat '{Path.GetFullPath(words)}' >&2; exit 1");
        }

        await ShouldShowNothingAsync(1, ignored: "words-");
    }

    [Theory]
    [InlineData("application/json", "", 3)]
    [InlineData("application/json", "\\u200b", 3)]
    [InlineData("application/json", "\\n", 3)]
    [InlineData("text/plain", "<b>", 3)]
    public async Task Answer_of_REST_that_is_cut_in_a_token_shows_nothing_of_it(string contentType, string between, int exitCode)
    {
        for (var number = 0; number < 5; number++)
        {
            var at = number * 5;
            _world.Bitbucket.Intercept = async (context, _) =>
            {
                context.Response.StatusCode = 403;
                context.Response.ContentType = contentType;
                var text = Page(Sent(context), between, at).Replace("/", contentType == "application/json" ? "\\/" : "/", StringComparison.Ordinal);
                await context.Response.WriteAsync(
                    contentType == "application/json" ? $$$"""{"type":"error","error":{"message":"{{{text}}}"}}""" : text,
                    context.RequestAborted
                );
            };

            await ShouldShowNothingAsync(exitCode);
        }
    }

    /// <summary>A token, in the forms it was sent in, before and behind each bound.</summary>
    private static string Page(string[] sent, string between, int number)
    {
        var page = new StringBuilder();
        var secret = sent[number % sent.Length];
        var broken = string.Join(between, secret.Chunk(between.Length == 0 ? secret.Length : 1 + (number % 7)).Select(chunk => new string(chunk)));
        foreach (var bound in s_bounds.Order())
        {
            // The bound falls ever further into the token.
            var start = bound - (number * broken.Length / Repositories);
            while (page.Length < start)
                page.Append(page.Length % 7 == 0 ? ' ' : 'x');
            page.Append(broken).Append(' ');
        }

        // What keeps the end of a text cuts it before this.
        return page.Append(broken).Append(' ').Append('y', 4096 - (number * broken.Length / Repositories)).ToString();
    }

    private static int NumberOf(HttpContext context) =>
        int.Parse(context.Request.Path.Value!.Split('/')[2][1..^".git".Length], CultureInfo.InvariantCulture);

    private static string[] Sent(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var secret = BasicLogin.Parse(header)?.Password ?? header[(header.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        return [secret, header, Convert.ToBase64String(Encoding.UTF8.GetBytes($"Bearer {secret}")), Uri.EscapeDataString(secret)];
    }

    private async Task ShouldShowNothingAsync(int exitCode, string ignored = "-")
    {
        var outcome = await _world.RunAsync("mirror");

        outcome.ExitCode.ShouldBe(exitCode, outcome.Text);
        SecretForms.Find(outcome.Text, SourceToken, DestinationToken).ShouldBeNull("output");
        var files = SecretWorld.FilesOf(_world).Where(file => !Path.GetFileName(file).StartsWith(ignored, StringComparison.Ordinal));
        SecretWorld.ShouldHoldNone(files, SourceToken, DestinationToken);
    }
}
