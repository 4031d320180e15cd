using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

/// <summary>Rules 2 and 6: a mirror is recognised by its description, and that as a whole.</summary>
public sealed class MirrorDescriptionTests
{
    [Theory]
    [InlineData("https://github.com", "Mirror of github.com/acme/Website (id 4711)", "github.com")]
    [InlineData("https://git.example:8443", "Mirror of git.example:8443/acme/Website (id 4711)", "git.example:8443")]
    public void Mark_names_host_repository_and_id(string web, string text, string host)
    {
        var mark = MirrorDescription.For(Samples.Repository("Website", 4711, web: web));

        mark.ToString().ShouldBe(text);
        mark.ShouldBe(new MirrorDescription(host, "acme/Website", "4711"));
        MirrorDescription.Read(text).ShouldBe(mark);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Our website")]
    [InlineData("mirror of github.com/acme/website (id 1)")]
    [InlineData(" Mirror of github.com/acme/website (id 1)")]
    [InlineData("Mirror of something else")]
    [InlineData("Mirror of github.com/acme/website")]
    [InlineData("Mirror of github.com/acme/website (id x)")]
    [InlineData("Mirror of github.com/acme/website (id )")]
    [InlineData("Mirror of github.com/acme/website (id 1")]
    [InlineData("Mirror of github.com/acme/website (id \u0661)")]
    [InlineData("Mirror of github.com/acme/web\tsite (id 1)")]
    [InlineData("Mirror of github.com//website (id 1)")]
    [InlineData("Mirror of github.com/acme (id 1)")]
    [InlineData("Mirror of gitlab.com/acme//api (id 1)")]
    [InlineData("Mirror of bitbucket.org/acme/api (id 5f2cbb19-1d4e)")]
    public void Other_text_names_no_source(string description) => MirrorDescription.Read(description).ShouldBeNull();

    [Theory]
    [InlineData("Mirror of gitlab.com/acme/platform/api (id 12)", "gitlab.com", "acme", "platform/api", "12")]
    [InlineData(
        "Mirror of bitbucket.org/acme/api (id 5f2cbb19-1d4e-4a7e-8c1a-0d6b3f9a1c77)",
        "bitbucket.org",
        "acme",
        "api",
        "5f2cbb19-1d4e-4a7e-8c1a-0d6b3f9a1c77"
    )]
    public void Path_may_be_deeper_and_the_id_a_uuid(string text, string host, string owner, string name, string id)
    {
        var mark = MirrorDescription.Read(text).ShouldNotBeNull();

        (mark.Host, mark.Owner, mark.Name, mark.Id).ShouldBe((host, owner, name, id));
        mark.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("acme", true)]
    [InlineData("ACME/platform", true)]
    [InlineData("acm", false)]
    [InlineData("acme/platform/api", false)]
    public void Owner_is_a_group_on_the_way(string owner, bool isOwner) =>
        MirrorDescription.Read("Mirror of gitlab.com/acme/platform/api (id 12)").ShouldNotBeNull().IsOwnedBy(owner).ShouldBe(isOwner);

    [Fact]
    public void Text_behind_the_mark_is_the_owners() =>
        MirrorDescription
            .Read("Mirror of github.com/acme/website (id 12). Please do not push here (really).")
            .ShouldBe(new MirrorDescription("github.com", "acme/website", "12"));

    [Theory]
    [InlineData("Mirror of github.com/acme/website (id 1234567890123456789)", true)] // 19 digits, as many as the longest id has.
    [InlineData("Mirror of GitHub.com/acme/website (id 1234567890123456789)", true)]
    [InlineData("Mirror of github.com/acme/old-name (id 1234567890123456789)", true)] // Renamed, or of an owner who was.
    [InlineData("Mirror of github.com/former/website (id 1234567890123456789)", true)]
    [InlineData("Mirror of ghe.example/acme/website (id 1234567890123456789)", false)]
    [InlineData("Mirror of github.com:8443/acme/website (id 1234567890123456789)", false)]
    [InlineData("Mirror of github.com/acme/website (id 1234567890123456788)", false)]
    [InlineData("Mirror of github.com/acme/website (id 12345678901234567890)", false)]
    public void Host_and_id_tell_the_source_whatever_its_name_was(string description, bool isOf) =>
        MirrorDescription.Read(description).ShouldNotBeNull().IsOf(Samples.Repository("website", 1234567890123456789)).ShouldBe(isOf);

    [Theory]
    [InlineData("Mirror of github.com/acme/website.wiki (id 1)", "website", false, true)]
    [InlineData("Mirror of github.com/acme/old-name.wiki (id 1)", "website", false, true)] // Its repository was renamed.
    [InlineData("Mirror of github.com/acme/website (id 1)", "website", true, false)]
    [InlineData("Mirror of github.com/acme/website.wiki (id 2)", "website", false, false)]
    [InlineData("Mirror of ghe.example/acme/website.wiki (id 1)", "website", false, false)]
    [InlineData("Mirror of bitbucket.org/acme/website.wiki (id 1)", "website.wiki", true, false)] // No wiki, but a repository of that name.
    public void Mark_is_of_the_repository_or_of_its_wiki(string description, string name, bool isOfRepository, bool isOfWiki)
    {
        var mark = MirrorDescription.Read(description).ShouldNotBeNull();
        var repository = Samples.Repository(name) with { HostName = description.Contains("bitbucket") ? "bitbucket.org" : "github.com" };

        (mark.IsOf(repository), mark.IsOf(repository.ToWiki())).ShouldBe((isOfRepository, isOfWiki));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("Mirror of github.com/acme/old (id 9)", "")]
    [InlineData("Mirror of github.com/acme/old (id 9). Please do not push here.", ". Please do not push here.")]
    [InlineData("Mirror of github.com/acme/website", "")] // A mark that was damaged.
    [InlineData("Our website", ". Our website")]
    public void Mark_takes_the_place_of_another_and_leaves_words_of_people(string description, string rest) =>
        MirrorDescription.For(Samples.Repository("website", 7)).Over(description).ShouldBe("Mirror of github.com/acme/website (id 7)" + rest);
}
