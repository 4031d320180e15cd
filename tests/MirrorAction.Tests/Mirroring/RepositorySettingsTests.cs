using MirrorAction.Git.Model;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

public sealed class RepositorySettingsTests
{
    private static readonly Repository s_repository = Samples.Repository("Website");

    [Fact]
    public void Without_a_rule_the_run_decides()
    {
        var options = new MirrorOptions { Owners = ["acme"], Rules = [Rule("api") with { Slug = "other" }] };

        var settings = Of(options);

        settings.Slug.ShouldBe("website");
        settings.IsSkipped.ShouldBeFalse();
        settings.IsPrivate.ShouldBeTrue();
        settings.ChangesVisibility.ShouldBeFalse();
        settings.Project.ShouldBeNull();
        settings.Refs.ShouldBe(options.Refs);
    }

    [Fact]
    public void Rule_changes_what_it_names_and_nothing_else()
    {
        var refs = RefPatternSet.Parse("refs/heads/main");
        var options = new MirrorOptions
        {
            Owners = ["acme"],
            Refs = new RefOptions { MaxAttempts = 7, KeepOverwritten = false },
            Rules = [Rule("web*") with { Slug = "the-web", Project = "WEB", Refs = refs, Prune = false, PruneLimit = PruneLimit.Count(3) }],
        };

        var settings = Of(options);

        settings.Slug.ShouldBe("the-web");
        settings.Project.ShouldBe("WEB");
        settings.Refs.ShouldBe(options.Refs with { Patterns = refs, Prune = false, PruneLimit = PruneLimit.Count(3) });
    }

    [Fact]
    public void Later_rule_wins_setting_by_setting()
    {
        var settings = Of(
            new MirrorOptions
            {
                Owners = ["acme"],
                Rules = [Rule("*") with { Skip = true, Slug = "first", Project = "ALL" }, Rule("/^web/") with { Skip = false, Slug = "second" }],
            }
        );

        settings.IsSkipped.ShouldBeFalse();
        settings.Slug.ShouldBe("second");
        settings.Project.ShouldBe("ALL");
    }

    [Theory]
    [InlineData(null, false, true, true, false)]
    [InlineData(null, true, false, false, true)]
    [InlineData(null, true, true, true, true)]
    [InlineData(MirrorVisibility.Private, true, false, true, true)]
    [InlineData(MirrorVisibility.Public, false, false, false, true)]
    [InlineData(MirrorVisibility.Public, true, true, true, true)]
    [InlineData(MirrorVisibility.Source, false, false, false, true)]
    [InlineData(MirrorVisibility.Source, false, true, true, true)]
    public void Visibility_of_a_rule_wins_over_the_runs(MirrorVisibility? rule, bool follows, bool sourceIsPrivate, bool isPrivate, bool changes)
    {
        var options = new MirrorOptions
        {
            Owners = ["acme"],
            FollowSourceVisibility = follows,
            Rules = [Rule("*") with { Visibility = rule }],
        };

        var settings = RepositorySettings.For(options, s_repository with { Visibility = Repository.VisibilityOf(sourceIsPrivate) }, name => name);

        settings.IsPrivate.ShouldBe(isPrivate);
        settings.ChangesVisibility.ShouldBe(changes);
    }

    [Theory]
    [InlineData(MirrorVisibility.Public, true, true)]
    [InlineData(MirrorVisibility.Public, false, false)]
    [InlineData(MirrorVisibility.Source, true, false)]
    [InlineData(null, true, false)]
    public void Rule_that_would_show_what_is_private_is_known_and_makes_nothing_public(MirrorVisibility? rule, bool sourceIsPrivate, bool wouldExpose)
    {
        var settings = RepositorySettings.For(
            new MirrorOptions { Owners = ["acme"], Rules = [Rule("*") with { Visibility = rule }] },
            s_repository with
            {
                Visibility = Repository.VisibilityOf(sourceIsPrivate),
            },
            name => name
        );

        settings.WouldExpose.ShouldBe(wouldExpose);
        settings.IsPrivate.ShouldBe(sourceIsPrivate || rule is null);
    }

    internal static RepositoryRule Rule(params string[] patterns) =>
        new()
        {
            Origin = ".github/mirror.yml:2:5",
            Match =
            [
                .. patterns.Select(text =>
                    NamePattern.TryParse(text, out var pattern, out _) ? pattern! : throw new ArgumentException(text, nameof(patterns))
                ),
            ],
        };

    private static RepositorySettings Of(MirrorOptions options) => RepositorySettings.For(options, s_repository, name => name.ToLowerInvariant());
}
