using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.Bitbucket;

/// <summary>What every source does, done by a workspace.</summary>
public sealed class BitbucketSourceTests : SourceHostContract
{
    private const string Fields =
        "next,values.slug,values.full_name,values.uuid,values.is_private,values.size,values.mainbranch.name,values.description,"
        + "values.parent.uuid,values.updated_on";

    private const string Path = "/2.0/repositories/acme";

    protected override EntrySamples Samples => EntrySamples.Bitbucket;

    protected override int TriesAfterUnauthorized => 2;

    protected override string OddPage =>
        """{"values":[{"full_name":"acme/a","links":{"x":[]},"mainbranch":null,"description":null,"size":null}],"page":1}""";

    protected override IRepositorySource Client(string? token = Token, DateTimeOffset? deadline = null) =>
        new BitbucketSource(workspace => new BitbucketDestination(
            Http,
            new BitbucketOptions
            {
                ApiUrl = new Uri(Stub.Url + "/2.0"),
                GitUrl = new Uri(Stub.Url),
                Workspace = workspace,
                Token = token,
                Deadline = deadline,
            },
            Time,
            Said.Add
        ));

    protected override StubRoute ById() => Stub.On("GET", $"{Path}/%7B{Sought}%7D");

    protected override string EntryOf(long id, string owner, string name) =>
        $$$"""{"slug":"{{{name}}}","full_name":"{{{owner}}}/{{{name}}}","uuid":"{{{{id}}}}"}""";

    protected override StubRoute FirstPage() => Stub.On("GET", $"{Path}?pagelen=100&fields={Fields}");

    protected override void ReplyPage(StubRoute route, string? next, params string[] names) =>
        route.Reply(
            200,
            $$"""{"values":[{{string.Join(',', names.Select(name => Repository(name)))}}]{{(next is null ? "" : $",\"next\":\"{next}\"")}}}"""
        );

    protected override string Refusal(string message) => $$$"""{"type":"error","error":{"message":"{{{message}}}"}}""";

    private static string Repository(string slug, string more = "", string? uuid = null) =>
        $$$"""{"slug":"{{{slug}}}","full_name":"acme/{{{slug}}}","uuid":"{{{uuid ?? "{" + slug + "}"}}}"{{{more}}}}""";

    private async Task<Repository> OnlyOneAsync(string repository)
    {
        FirstPage().Reply(200, $$"""{"values":[{{repository}}]}""");
        return (await RepositoriesAsync(Client(), "acme")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task All_fields_are_read()
    {
        var repository = await OnlyOneAsync(
            Repository("a", ""","is_private":false,"description":"Mirror of\ngithub.com/x/a","size":7777,"mainbranch":{"name":"trunk"}""")
        );

        repository.ShouldBe(
            new Repository
            {
                Id = repository.Id,
                Owner = "acme",
                Name = "a",
                Description = "Mirror of github.com/x/a",
                Visibility = Visibility.Public,
                DefaultBranch = "trunk",
                SizeBytes = 7777,
                GitUrl = new Uri(Stub.Url + "/acme/a.git"),
                HostName = "bitbucket.org",
                WebUrl = new Uri(Stub.Url + "/acme/a"),
            }
        );
    }

    [Fact]
    public async Task Id_stays_when_the_repository_is_renamed()
    {
        const string Uuid = "{5f2cbb19-1d4e-4a7e-8c1a-0d6b3f9a1c77}";
        var before = await OnlyOneAsync(Repository("a", uuid: Uuid));
        var after = await OnlyOneAsync(Repository("b", uuid: Uuid.ToUpperInvariant()));
        var other = await OnlyOneAsync(Repository("b"));

        after.Id.ShouldBe(before.Id);
        other.Id.ShouldNotBe(before.Id);
        before.Id.ShouldBe("5f2cbb19-1d4e-4a7e-8c1a-0d6b3f9a1c77");
    }

    [Fact]
    public async Task Repositories_come_in_the_order_of_their_slugs()
    {
        ReplyPage(FirstPage(), null, "b", "_c", "a");

        (await ListAsync()).ShouldBe(["_c", "a", "b"]);
    }

    [Theory]
    [InlineData(""","parent":null""", false)]
    [InlineData("", false)]
    [InlineData(""","parent":{"uuid":"{1}"}""", true)]
    [InlineData(""","parent":{}""", true)]
    public async Task Fork_is_what_has_a_parent(string more, bool isFork) => (await OnlyOneAsync(Repository("a", more))).IsFork.ShouldBe(isFork);

    [Fact]
    public async Task Each_workspace_is_listed_by_itself()
    {
        ReplyPage(FirstPage(), null, "a");
        ReplyPage(Stub.On("GET", $"/2.0/repositories/beta?pagelen=100&fields={Fields}"), null, "b");
        var client = Client();

        (await RepositoriesAsync(client, "acme")).ShouldHaveSingleItem().FullName.ShouldBe("acme/a");
        (await RepositoriesAsync(client, "beta")).ShouldHaveSingleItem().FullName.ShouldBe("beta/b");
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("renamed", false)]
    public async Task Repository_exists_under_its_own_slug_only(string answered, bool exists)
    {
        var repository = await OnlyOneAsync(Repository("a"));
        Stub.On("GET", Path + "/a").Reply(200, Repository(answered));

        (await Client().ExistsAsync(repository, default)).ShouldBe(exists);
    }

    [Fact]
    public async Task Repository_that_is_not_found_does_not_exist_and_one_that_is_refused_is_a_failure()
    {
        var repository = await OnlyOneAsync(Repository("a"));
        Stub.On("GET", Path + "/a").Reply(404, Refusal("Not found")).Reply(502, "").Reply(403, Refusal("no"));

        (await Client().ExistsAsync(repository, default)).ShouldBeFalse();
        (await Should.ThrowAsync<HostException>(() => Client().ExistsAsync(repository, default))).Status.ShouldBe(403);
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Git_login_is_that_of_the_client()
    {
        var repository = await OnlyOneAsync(Repository("a"));

        (await Client().GitCredentialsFor(repository).GetAsync(default)).ShouldBe(HttpCredential.Basic("x-token-auth", Token));
    }
}
