using System.Text.Json;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts;

/// <summary>How every destination renames a mirror.</summary>
public abstract partial class DestinationHostContract
{
    private const string Mark = "Mirror of github.com/acme/Renamed (id 7)";

    /// <summary>The script of the request that renames <c>website</c>, whose id is that of <see cref="IdOf"/> <c>renamed</c>.</summary>
    protected abstract StubRoute Renaming();

    /// <summary>The script of the request that looks for a repository.</summary>
    protected abstract StubRoute LookFor(string slug);

    /// <summary>The id in <see cref="Repository"/>.</summary>
    protected abstract string IdOf(string slug);

    /// <summary>What is sent beside the description.</summary>
    protected virtual string RenamingFields => """ "name":"renamed" """;

    private Task<Repository> RenameAsync()
    {
        var client = Client();
        return client.RenameAsync(client.Describe("website") with { Id = IdOf("renamed") }, "renamed", Mark, default);
    }

    private IEnumerable<StubRequest> Looks =>
        Asked.Where(request => request.Method == "GET" && request.Target.EndsWith("renamed", StringComparison.Ordinal));

    [Fact]
    public async Task Renaming_is_one_request_with_the_new_name_and_the_new_mark()
    {
        Renaming().Reply(200, Repository("renamed"));

        var renamed = await RenameAsync();

        (renamed.Name, renamed.FullName).ShouldBe(("renamed", "acme-mirror/renamed"));
        renamed.GitUrl.AbsolutePath.ShouldBe(GitPathOf("renamed"));
        var body = JsonDocument.Parse(Asked.ShouldHaveSingleItem().Body).RootElement;
        var expected = JsonDocument.Parse($$"""{ {{RenamingFields}}, "description":"{{Mark}}" }""").RootElement;
        JsonElement.DeepEquals(body, expected).ShouldBeTrue(body.ToString());
    }

    [Theory]
    [InlineData(502)] // The answer was lost, and a repetition finds nothing under the former name, or the same.
    [InlineData(404)]
    public async Task Renaming_that_took_place_unseen_is_success(int status)
    {
        Renaming().Always(status, Refusal("Not found"));
        LookFor("renamed").Reply(200, Repository("renamed"));

        (await RenameAsync()).Name.ShouldBe("renamed");
    }

    [Fact]
    public async Task Another_repository_of_the_new_name_is_not_taken_for_the_renamed_one()
    {
        Renaming().Always(404, Refusal("Not found"));
        LookFor("renamed").Reply(200, Repository("renamed"));
        var client = Client();
        var mirror = client.Describe("website") with { Id = IdOf("renamed") + "0" };
        RenamingOf(mirror).Always(404, Refusal("Not found"));

        (await Should.ThrowAsync<HostException>(() => client.RenameAsync(mirror, "renamed", Mark, default))).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    public async Task Renaming_that_is_refused_is_asked_for_once(int status)
    {
        Renaming().Reply(status, Refusal("Access denied"));

        (await Should.ThrowAsync<HostException>(RenameAsync)).Failure.Hint.ShouldNotBeEmpty();
        Looks.ShouldBeEmpty();
        Stub.VerifyAllUsed();
    }

    /// <summary>The same of a mirror with another id, where the id is in the address.</summary>
    protected virtual StubRoute RenamingOf(Repository mirror) => Renaming();
}
