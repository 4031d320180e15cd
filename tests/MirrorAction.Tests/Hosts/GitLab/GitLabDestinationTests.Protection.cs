using MirrorAction.Hosts;

namespace MirrorAction.Tests.Hosts.GitLab;

/// <content>Protected branches before and after pushes, and what is asked where the namespace is not told.</content>
public sealed partial class GitLabDestinationTests
{
    [Fact]
    public async Task Group_of_a_restored_project_stays_as_it_is()
    {
        InGroup(FullyProtected);
        Creation().Reply(201, Repository("website"));
        await Client().CreateAsync(Wanted with { IsMirror = false }, default);

        var creation = Asked.ShouldHaveSingleItem();
        creation.Method.ShouldBe("POST");
        creation.Body.ShouldNotContain("builds_access_level");
        Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Before_a_rewrite_rules_of_one_branch_are_removed_without_waiting()
    {
        Stub.On("GET", Protected).Reply(200, """[{"name":"main"},{"name":"release/*"}]""").Reply(200, "[]");
        Stub.On("DELETE", $"{Website}/protected_branches/main").Reply(204);
        var client = Client();
        await client.BeforeRewriteAsync("website", default);
        await client.BeforeRewriteAsync("website", default);

        Time.Skipped.ShouldBeEmpty();
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Refused_look_before_a_rewrite_is_told_and_ends_nothing()
    {
        Stub.On("GET", Protected).Reply(403, Refusal("403 Forbidden"));
        await Client().BeforeRewriteAsync("website", default);

        Said.ShouldHaveSingleItem().ShouldContain("acme-mirror/website");
    }

    [Fact]
    public async Task After_one_project_that_got_no_protection_the_others_are_looked_at_once()
    {
        Stub.On("GET", Protected).Always(200, "[]");
        var client = Client();
        await client.FirstPushedAsync("website", default);
        await client.FirstPushedAsync("website", default);

        Time.Skipped.Count.ShouldBe(3);
        Asked.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData(403, "{}")]
    [InlineData(405, "{}")]
    [InlineData(200, """{"id":6}""")]
    public async Task Place_whose_namespace_is_not_told_is_looked_for_among_the_groups(int status, string body)
    {
        Stub.On("GET", Namespace).Reply(status, body);
        Stub.On("GET", "/api/v4/groups/acme-mirror?with_projects=false").Reply(200, """{"id":6,"full_path":"Acme-Mirror"}""");
        var page = Stub.On("GET", $"/api/v4/groups/Acme-Mirror/projects?include_subgroups=false&with_shared=false&{Order}");
        ReplyPage(page, null, "a");

        (await Client().ListAsync(default)).Repositories.ShouldHaveSingleItem().Name.ShouldBe("a");
    }

    [Fact]
    public async Task What_everyone_with_an_account_may_read_is_not_private()
    {
        FirstPage().Reply(200, """[{"id":1,"path_with_namespace":"acme-mirror/a","visibility":"internal"}]""");
        Change().Reply(200, """{"visibility":"internal"}""");

        (await Client().ListAsync(default)).Repositories.ShouldHaveSingleItem().Visibility.ShouldBe(Visibility.Internal);
        (await Client().SetVisibilityAsync("website", isPrivate: true, default)).ShouldNotBe(Visibility.Private);
    }

    [Fact]
    public async Task Next_page_is_found_by_its_number_where_no_link_names_it()
    {
        FirstPage().Reply(200, $"[{Repository("a")}]", ("X-Next-Page", "2"));
        Stub.On("GET", $"/api/v4/users/acme-mirror/projects?{Order}&page=2").Reply(200, $"[{Repository("b")}]", ("X-Next-Page", ""));

        (await ListAsync()).ShouldBe(["a", "b"]);
        Stub.VerifyAllUsed();
    }
}
