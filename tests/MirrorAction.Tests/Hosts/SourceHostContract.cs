using MirrorAction.Hosts;

namespace MirrorAction.Tests.Hosts;

/// <summary>What every source does.</summary>
public abstract partial class SourceHostContract : HostContract
{
    /// <summary>A new client for the scripted server.</summary>
    /// <param name="token">The token; null for none.</param>
    /// <param name="deadline">When the run ends.</param>
    protected abstract IRepositorySource Client(string? token = Token, DateTimeOffset? deadline = null);

    /// <summary>The path of the page of one of acme's repositories.</summary>
    protected virtual string WebPathOf(string name) => $"/acme/{name}";

    /// <summary>The path at which git is asked for it.</summary>
    protected virtual string GitPathOf(string name) => $"{WebPathOf(name)}.git";

    protected override async Task<IReadOnlyList<string>> ListAsync(DateTimeOffset? deadline = null, CancellationToken cancellationToken = default)
    {
        var repositories = await RepositoriesAsync(Client(deadline: deadline), "acme", cancellationToken);
        return [.. repositories.Select(repository => repository.Name)];
    }

    protected override async Task<IReadOnlyList<UnusableEntry>> UnusableAsync() => (await Client().ListAsync("acme", default)).Unusable;

    protected static async Task<IReadOnlyList<Repository>> RepositoriesAsync(
        IRepositorySource client,
        string owner,
        CancellationToken cancellationToken = default
    ) => (await client.ListAsync(owner, cancellationToken)).Repositories;

    [Fact]
    public async Task Addresses_are_built_from_the_servers_base_and_hold_no_credentials()
    {
        ReplyPage(FirstPage(), null, "Web.site-1_x");

        var repository = (await RepositoriesAsync(Client(), "acme")).ShouldHaveSingleItem();
        repository.GitUrl.AbsolutePath.ShouldBe(GitPathOf("Web.site-1_x"));
        repository.WebUrl.AbsolutePath.ShouldBe(WebPathOf("Web.site-1_x"));
        repository.GitUrl.Authority.ShouldBe(repository.WebUrl.Authority);
        repository.GitUrl.UserInfo.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_reading_requests_are_sent()
    {
        ReplyPage(FirstPage(), null, "a");
        await ListAsync();

        Asked.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task Without_a_token_no_credentials_are_sent_and_git_needs_none()
    {
        ReplyPage(FirstPage(), null, "a");
        var client = Client(token: null);
        var repository = (await RepositoriesAsync(client, "acme")).ShouldHaveSingleItem();

        Stub.Requests.ShouldAllBe(request => request.Header("Authorization") == null);
        (await client.GitCredentialsFor(repository).GetAsync(default)).ShouldBeNull();
    }

    [Fact]
    public void Silence_of_git_itself_is_not_explained() => Client().Explain(null, "").ShouldBeNull();
}
