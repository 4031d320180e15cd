using FsCheck;
using FsCheck.Fluent;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitLab;

namespace MirrorAction.Tests.Hosts.GitLab;

public sealed class GitLabNameTests
{
    private static Arbitrary<string> Names =>
        Gen.Elements("abcXYZ019._- /é😀".EnumerateRunes().Select(rune => rune.ToString()))
            .NonEmptyListOf()
            .Select(parts => string.Concat(parts))
            .Or(Gen.Elements("abcABC-".ToCharArray()).ArrayOf(100).Select(letters => new string(letters)))
            .ToArbitrary();

    // printf %s NAME | sha256sum
    [Theory]
    [InlineData("website", "website")]
    [InlineData("Website", "website")]
    [InlineData("platform/api", "platform-api")]
    [InlineData("acme.github.io", "acme.github.io")]
    [InlineData("My_Tool-2", "my_tool-2")]
    [InlineData("with space", "with-space")]
    [InlineData("größe", "gr-e-d353a267")]
    [InlineData("my--tool", "my-tool-dcae09ff")]
    [InlineData("tool-", "tool-e065ddaf")]
    [InlineData("...", "ab5df625")]
    [InlineData("---", "cb3f91d5")]
    [InlineData("1", "1")]
    public void Name_has_this_path(string name, string path) => GitLabName.For(name).ShouldBe(path);

    [Theory]
    [InlineData(".github", "github-")]
    [InlineData("site.git", "site.git-")]
    [InlineData("site.atom", "site.atom-")]
    [InlineData("site.wiki", "site.wiki-")]
    [InlineData("Blob", "blob-")]
    [InlineData("wikis", "wikis-")]
    [InlineData("a._b", "a.b-")]
    [InlineData("_x_", "x-")]
    public void Name_that_is_not_taken_ends_in_its_hash(string name, string begin)
    {
        GitLabName.IsTaken(name.ToLowerInvariant()).ShouldBeFalse();
        var path = GitLabName.For(name);
        path.ShouldStartWith(begin);
        path.Length.ShouldBe(begin.Length + 8);
        GitLabName.IsTaken(path).ShouldBeTrue();
    }

    [Fact]
    public void Every_path_is_one_that_gitlab_takes() =>
        Prop.ForAll(Names, name => GitLabName.IsTaken(GitLabName.For(name)) && GitLabName.For(name).Length <= GitLabName.MaxLength)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Path_of_a_path_is_itself() =>
        Prop.ForAll(Names, name => GitLabName.For(GitLabName.For(name)) == GitLabName.For(name)).QuickCheckThrowOnFailure();

    [Fact]
    public void Path_that_needs_no_hash_is_the_slug_at_bitbucket() =>
        Prop.ForAll(Names, name => !GitLabName.IsTaken(BitbucketSlug.For(name)) || GitLabName.For(name) == BitbucketSlug.For(name))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Long_names_that_differ_only_at_the_end_have_different_paths() =>
        Prop.ForAll(
                Names,
                name =>
                {
                    var stem = name + new string('x', 60);
                    return GitLabName.For(stem + "1") != GitLabName.For(stem + "2");
                }
            )
            .QuickCheckThrowOnFailure();
}
