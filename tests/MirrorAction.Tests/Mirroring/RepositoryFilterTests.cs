using MirrorAction.Hosts;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

public sealed class RepositoryFilterTests
{
    [Theory]
    [InlineData("*", "Website", true)]
    [InlineData("web*", "Website", true)]
    [InlineData("WEBSITE", "website", true)]
    [InlineData("web", "website", false)]
    [InlineData("*site", "website", true)]
    [InlineData("w?bsite", "website", true)]
    [InlineData("w?bsite", "wbsite", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData("a+b", "aab", false)]
    [InlineData("[ab]", "a", false)]
    [InlineData("acme/*", "website", true)]
    [InlineData("other/*", "website", false)]
    [InlineData("*/website", "website", true)]
    [InlineData("/^web/", "website", true)]
    [InlineData("/site$/", "website", true)]
    [InlineData("/^(a|b)-[0-9]+$/", "b-12", true)]
    [InlineData("/^WEB/", "website", true)]
    [InlineData("/^acme/", "website", false)]
    [InlineData("/eb/", "website", true)]
    [InlineData("", "website", false)]
    [InlineData("api", "platform/api", true)]
    [InlineData("platform/api", "platform/api", true)]
    [InlineData("acme/platform/*", "platform/api", true)]
    [InlineData("*/api", "platform/api", true)]
    [InlineData("platform", "platform/api", false)]
    [InlineData("/^api$/", "platform/api", true)]
    [InlineData("/^platform/", "platform/api", true)]
    [InlineData("tools/api", "platform/api", false)]
    public void Names_fit_a_glob_or_a_regular_expression(string pattern, string name, bool matches) =>
        Pattern(pattern).Matches(Repository(name)).ShouldBe(matches);

    [Theory]
    [InlineData("/(?=a)b/")]
    [InlineData("/^(?!old-)/")]
    [InlineData("/(?<!a)b/")]
    [InlineData(@"/(a)\1/")]
    [InlineData("/(?>a+)b/")]
    [InlineData("/(?(a)b|c)/")]
    [InlineData(@"/\Gweb/")]
    [InlineData("/(a{1000}){1000}/")]
    public void Expression_that_linear_matching_does_not_support_is_refused_with_a_way_out(string text)
    {
        NamePattern.TryParse(text, out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeNull().ShouldContain(text);
        problem.ShouldContain("exclude");
    }

    [Theory]
    [InlineData("/(/")]
    [InlineData("/a**/")]
    public void Expression_that_cannot_be_is_refused_by_its_text(string text)
    {
        NamePattern.TryParse(text, out var pattern, out var problem).ShouldBeFalse();
        pattern.ShouldBeNull();
        problem.ShouldNotBeNull().ShouldContain(text);
    }

    [Fact]
    public void Hostile_expression_takes_no_time() => Pattern("/^(a+)+$/").Matches(Repository(new string('a', 5000) + "!")).ShouldBeFalse();

    [Theory]
    [InlineData("", "", true)]
    [InlineData("web*", "", true)]
    [InlineData("api*", "", false)]
    [InlineData("web*,api", "", true)]
    [InlineData("*", "website", false)]
    [InlineData("", "website", false)]
    [InlineData("website", "web*", false)]
    [InlineData("*", "api", true)]
    public void Exclude_wins_over_repositories(string include, string exclude, bool takes) =>
        new RepositoryFilter { Include = Patterns(include), Exclude = Patterns(exclude) }
            .Takes(Repository("website"))
            .ShouldBe(takes);

    [Theory]
    [InlineData(Inclusion.Include, true, true)]
    [InlineData(Inclusion.Exclude, false, true)]
    [InlineData(Inclusion.Only, true, false)]
    public void Forks_and_archived_ones_are_taken_as_asked(Inclusion inclusion, bool suchIsTaken, bool otherIsTaken)
    {
        var forks = new RepositoryFilter { Forks = inclusion };
        (forks.Takes(Repository("x") with { IsFork = true }), forks.Takes(Repository("x"))).ShouldBe((suchIsTaken, otherIsTaken));
        var archived = new RepositoryFilter { Archived = inclusion };
        (archived.Takes(Repository("x") with { IsArchived = true }), archived.Takes(Repository("x"))).ShouldBe((suchIsTaken, otherIsTaken));
    }

    [Fact]
    public void By_default_forks_stay_out_and_archived_and_private_ones_come_along()
    {
        var filter = new RepositoryFilter();
        filter.Takes(Repository("x") with { IsFork = true }).ShouldBeFalse();
        filter.Takes(Repository("x") with { IsArchived = true }).ShouldBeTrue();
        filter.Takes(Repository("x") with { Visibility = Visibility.Private }).ShouldBeTrue();
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(true, true, false)]
    [InlineData(false, false, true)]
    public void Visibility_is_held_against_the_source(bool? onlyPrivate, bool privateIsTaken, bool publicIsTaken)
    {
        var filter = new RepositoryFilter { OnlyPrivate = onlyPrivate };
        (filter.Takes(Repository("x") with { Visibility = Visibility.Private }), filter.Takes(Repository("x"))).ShouldBe(
            (privateIsTaken, publicIsTaken)
        );
    }

    private static NamePattern[] Patterns(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Pattern)];

    private static NamePattern Pattern(string text) =>
        NamePattern.TryParse(text, out var pattern, out var problem) ? pattern! : throw new FormatException(problem);

    private static Repository Repository(string name) => Samples.Repository(name);
}
