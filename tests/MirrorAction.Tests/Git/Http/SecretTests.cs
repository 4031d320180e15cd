using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Http;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Http;

/// <summary>Rule 12 of the mirror: a secret is in no text.</summary>
public sealed class SecretTests
{
    private const string Secret = "s3cr3t-t0ken";

    [Fact]
    public void Credential_and_endpoint_never_show_the_secret()
    {
        var credential = StaticCredential.Basic("acme", Secret);

        credential.ToString().ShouldBe("acme:***");
        $"{new GitEndpoint(new Uri("https://git.example/acme/website.git/?token=1#x"), credential)}".ShouldBe("https://git.example/acme/website.git");
    }

    [Theory]
    [InlineData("https://acme:s3cr3t-t0ken@git.example/website.git")]
    [InlineData("https://s3cr3t-t0ken@git.example/website.git")]
    [InlineData("ssh://git@git.example/s3cr3t-t0ken.git")]
    [InlineData("file:///s3cr3t-t0ken")]
    public void Url_that_cannot_be_used_is_refused_without_its_secret(string url)
    {
        var e = Should.Throw<ArgumentException>(() => new GitEndpoint(new Uri(url)));

        e.ToString().ShouldNotContain(Secret);
        e.Message.ShouldContain("no credentials");
    }

    [Fact]
    public async Task Failures_and_traces_never_show_the_secret()
    {
        var traces = new List<string>();
        using var http = new GitHttp(new GitHttpOptions { Trace = traces.Add });
        var answers = new Queue<WireAnswer>([
            new WireAnswer(401, "text/plain", "no"),
            new WireAnswer(302, "", "", "Location: http://other.example/"),
            new WireAnswer(200, "text/html", "<p>log in"),
            new WireAnswer(500, "text/plain", "oops"),
        ]);
        await using var server = WireServer.Answering(_ => answers.Dequeue());
        var endpoint = new GitEndpoint(new Uri(server.Url, "acme/website.git"), StaticCredential.Basic("acme", Secret));
        var forms = new[] { Secret, Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"acme:{Secret}")) };

        while (answers.Count > 0)
        {
            var e = await Should.ThrowAsync<GitException>(() =>
                new ReceivePackClient(http, endpoint, new TransferCounter()).DiscoverAsync(Wire.Token)
            );
            forms.ShouldAllBe(form => !e.ToString().Contains(form, StringComparison.Ordinal));
        }

        traces.Count.ShouldBe(4);
        forms.ShouldAllBe(form => !traces.Exists(t => t.Contains(form, StringComparison.Ordinal)));
    }
}
