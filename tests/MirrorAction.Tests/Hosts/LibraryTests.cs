using System.Reflection;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts;

/// <summary>REST is spoken by the libraries, over the one chain: a request that goes past either is noticed here.</summary>
public sealed class LibraryTests : IAsyncLifetime
{
    private readonly HttpClient _transport = RestTransport.CreateClient();
    private StubHost _stub = null!;

    public async ValueTask InitializeAsync() => _stub = await StubHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _transport.Dispose();
        await _stub.DisposeAsync();
    }

    [Fact]
    public async Task Octokit_lists()
    {
        _stub.On("GET", "/orgs/acme/repos").Reply(200, """[{"id":1,"name":"website"}]""");
        var github = new GitHubSource(_transport, new GitHubOptions { ApiUrl = new Uri(_stub.Url), Token = "t" }, TimeProvider.System, _ => { });

        (await github.ListAsync("acme", TestContext.Current.CancellationToken)).Repositories.ShouldHaveSingleItem();

        _stub.Requests.Count.ShouldBe(1);
        _stub.Requests.Select(request => request.Header("User-Agent")).ShouldAllBe(agent => agent!.Contains("Octokit.net 14."));
    }

    [Fact]
    public void Refit_makes_the_interface_of_Bitbucket()
    {
        var implementations = typeof(BitbucketDestination)
            .Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(IBitbucketApi)))
            .ToArray();
        implementations.ShouldHaveSingleItem().FullName!.ShouldContain("Refit");
        var options = new BitbucketOptions { Workspace = "acme-mirror", Token = "t" };
        var destination = new BitbucketDestination(_transport, options, TimeProvider.System, _ => { });

        typeof(BitbucketDestination)
            .GetFields(BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(field => field.FieldType == typeof(IBitbucketApi))
            .Select(field => field.GetValue(destination)!.GetType())
            .ShouldAllBe(type => type == implementations[0]);
    }

    [Theory]
    [InlineData("Bitbucket")]
    [InlineData("BitbucketDataCenter")]
    [InlineData("GitHub")]
    public void No_request_goes_past_the_libraries(string host) =>
        Directory
            .EnumerateFiles(Checkout.PathOf($"src/MirrorAction.Hosts/{host}"), "*.cs")
            .Where(file => File.ReadAllText(file).Contains(".SendAsync(", StringComparison.Ordinal))
            .Select(Path.GetFileName)
            .ShouldBeSubsetOf(["OctokitTransport.cs"]);
}
