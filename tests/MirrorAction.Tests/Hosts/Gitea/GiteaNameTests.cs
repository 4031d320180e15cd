using MirrorAction.Hosts.Gitea;

namespace MirrorAction.Tests.Hosts.Gitea;

public sealed class GiteaNameTests
{
    [Theory]
    [InlineData("website", "website")]
    [InlineData("My.Site_1", "my.site_1")]
    [InlineData(".github", ".github")]
    [InlineData("a--b-", "a--b-")]
    [InlineData("platform/api", "platform-api")]
    [InlineData("Ünï", "-n-")]
    [InlineData("_", "_")]
    public void Plain_name_is_the_lower_case_one(string name, string mirror) => GiteaName.For(name).ShouldBe(mirror);

    [Theory]
    [InlineData("site.wiki", "site.wiki-")]
    [InlineData("site.GIT", "site.git-")]
    [InlineData("feed.rss", "feed.rss-")]
    [InlineData("feed.atom", "feed.atom-")]
    [InlineData("a..b", "a.b-")]
    [InlineData("a....b", "a.b-")]
    [InlineData("-", "")]
    [InlineData("/", "")]
    [InlineData("..", "")]
    [InlineData("", "")]
    public void Name_that_the_host_refuses_gets_a_hash(string name, string start)
    {
        var mirror = GiteaName.For(name);

        mirror.ShouldStartWith(start);
        mirror.Length.ShouldBe(start.Length + 8);
        mirror[^8..].ShouldAllBe(digit => char.IsAsciiHexDigitLower(digit));
        GiteaName.IsTaken(mirror).ShouldBeTrue();
    }

    [Fact]
    public void Name_that_is_too_long_is_cut_and_gets_a_hash()
    {
        var name = new string('a', 63);

        // printf aaa…a (63) | sha256sum
        GiteaName.For(name).ShouldBe($"{new string('a', 53)}-7d3e74a0");
        GiteaName.For(new string('a', 62)).ShouldBe(new string('a', 62));
    }

    [Fact]
    public void Names_that_differ_before_the_cut_do_not_meet()
    {
        var names = new[] { "a.wiki", "a.Wiki", "a/wiki", "A.git", new string('b', 70), new string('b', 71) };

        names.Select(GiteaName.For).ShouldBeUnique();
    }
}
