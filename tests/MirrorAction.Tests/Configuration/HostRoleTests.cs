using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;

namespace MirrorAction.Tests.Configuration;

/// <summary>Which host is on which side, and by which of its names a setting is given.</summary>
public sealed class HostRoleTests
{
    private static readonly Dictionary<string, string> s_byRole = new(StringComparer.Ordinal)
    {
        ["INPUT_SOURCE-OWNER"] = "acme",
        ["INPUT_SOURCE-TOKEN"] = "t0ken-of-the-source",
        ["INPUT_DESTINATION-OWNER"] = "acme-mirror",
        ["INPUT_DESTINATION-TOKEN"] = "t0ken-of-the-destination",
    };

    [Fact]
    public void Usual_pair_is_given_by_role_as_well()
    {
        var settings = Given.Build(s_byRole);

        var (source, destination) = (settings.Sides[0], settings.Sides[1]);
        (source.Host.Kind, destination.Host.Kind).ShouldBe(("github", "bitbucket"));
        source.Owners.ShouldBe(["acme"]);
        source.Settings.ShouldBeOfType<GitHubSettings>().Token.ShouldBe("t0ken-of-the-source");
        destination.Owner.ShouldBe("acme-mirror");
        destination.Settings.ShouldBeOfType<BitbucketSettings>().Token.ShouldBe("t0ken-of-the-destination");
        (source.Settings.Writes, destination.Settings.Writes).ShouldBe((false, true));
        (settings.ReportSource.Host, settings.ReportDestination).ShouldBe(("github", new("bitbucket", "acme-mirror")));
    }

    [Fact]
    public void Hosts_change_sides_and_keep_their_own_names()
    {
        var settings = Given.Build(Given.With(("INPUT_SOURCE", "bitbucket"), ("INPUT_DESTINATION", "github")));

        settings.Sides[0].Host.Kind.ShouldBe("bitbucket");
        settings.Sides[0].Owners.ShouldBe(["acme-mirror"]);
        settings.Sides[1].Host.Kind.ShouldBe("github");
        settings.Sides[1].Owner.ShouldBe("acme");
        settings.GitHub!.Writes.ShouldBeTrue();
        settings.Bitbucket!.Writes.ShouldBeFalse();
        (settings.ReportSource.Host, settings.ReportDestination).ShouldBe(("bitbucket", new("github", "acme")));
    }

    [Fact]
    public void Two_hosts_of_one_kind_are_told_apart_by_role()
    {
        var settings = Given.Build(
            new(StringComparer.Ordinal)
            {
                ["INPUT_DESTINATION"] = "github",
                ["INPUT_GITHUB-OWNER"] = "acme",
                ["INPUT_GITHUB-TOKEN"] = "ghp_source",
                ["INPUT_DESTINATION-OWNER"] = "acme-mirror",
                ["INPUT_DESTINATION-TOKEN"] = "ghp_destination",
                ["INPUT_DESTINATION-URL"] = "https://ghes.example",
            }
        );

        settings.Sides[0].Settings.Token.ShouldBe("ghp_source");
        settings.Sides[1].Settings.Token.ShouldBe("ghp_destination");
        settings.Sides[1].Settings.ApiUrl.ShouldBe(new Uri("https://ghes.example/api/v3"));
        settings.Sides[1].Owner.ShouldBe("acme-mirror");
    }

    [Fact]
    public void Restore_turns_the_flow_and_keeps_the_sides()
    {
        var settings = Given.Build(Given.With(("INPUT_MODE", "restore"), ("INPUT_SOURCE", "bitbucket"), ("INPUT_DESTINATION", "github")));

        (settings.ReportSource.Host, settings.ReportDestination).ShouldBe(("github", new("bitbucket", "acme-mirror")));
        settings.Mirror.Owners.ShouldBe(["acme"]);
        settings.Restore!.Owner.ShouldBe("acme-mirror");
        settings.Bitbucket!.Writes.ShouldBeTrue();
        settings.GitHub!.Writes.ShouldBeFalse();
    }

    [Theory]
    [InlineData("source", "acme", "github")]
    [InlineData("github", "acme", "github")]
    [InlineData("destination", "acme-mirror", "bitbucket")]
    [InlineData("bitbucket", "acme-mirror", "bitbucket")]
    public void Backup_reads_either_side(string from, string owner, string host)
    {
        var settings = Given.Build(Given.With(("INPUT_MODE", "backup"), ("INPUT_FROM", from)));

        settings.ReportSource.Host.ShouldBe(host);
        settings.Mirror.Owners.ShouldBe([owner]);
        settings.Sides.ShouldHaveSingleItem().Settings.Writes.ShouldBeFalse();
    }

    [Fact]
    public void Backup_of_a_host_that_is_on_neither_side_is_a_problem() =>
        Given
            .ProblemsOf(Given.With(("INPUT_MODE", "backup"), ("INPUT_FROM", "bitbucket"), ("INPUT_DESTINATION", "github")))
            .ShouldContain(problem => problem.Contains("is neither the source nor the destination", StringComparison.Ordinal));

    [Theory]
    [InlineData("INPUT_SOURCE-OWNER", "acme", "source-owner", "github-owner")]
    [InlineData("INPUT_SOURCE-TOKEN", "ghp_other", "source-token", "github-token")]
    [InlineData("MIRROR_SOURCE_TOKEN", "ghp_other", "source-token", "github-token")]
    [InlineData("INPUT_DESTINATION-OWNER", "acme-mirror", "destination-owner", "bitbucket-workspace")]
    [InlineData("INPUT_DESTINATION-TOKEN", "ATCTT3x", "destination-token", "bitbucket-token")]
    public void One_setting_by_both_names_is_a_problem(string variable, string value, string byRole, string own)
    {
        var problem = Given.ProblemOf(variable, value);

        problem.ShouldStartWith(byRole);
        problem.ShouldContain(own);
        problem.ShouldNotContain(value == "acme" ? "'acme'" : value);
    }

    [Fact]
    public void Address_by_both_names_is_a_problem() =>
        Given
            .ProblemsOf(Given.With(("INPUT_SOURCE-URL", "https://ghes.example"), ("INPUT_GITHUB-SERVER-URL", "https://ghes.example")))
            .ShouldHaveSingleItem()
            .ShouldContain("github-server-url");

    [Fact]
    public void What_the_runner_gives_by_itself_gives_way()
    {
        var environment = new Dictionary<string, string>(s_byRole, StringComparer.Ordinal)
        {
            ["GITHUB_ACTIONS"] = "true",
            ["INPUT_GITHUB-TOKEN"] = "ghs_ofTheWorkflow",
            ["GITHUB_REPOSITORY_OWNER"] = "acme-ci",
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_API_URL"] = "https://api.github.com",
            ["INPUT_SOURCE-URL"] = "https://ghes.example/git",
        };

        var source = Given.Build(environment).Sides[0];

        source.Owners.ShouldBe(["acme"]);
        source.Settings.Token.ShouldBe("t0ken-of-the-source");
        (source.Settings.WebUrl, source.Settings.ApiUrl).ShouldBe((new("https://ghes.example/git"), new("https://ghes.example/git/api/v3")));
    }

    [Theory]
    [InlineData("INPUT_SOURCE", "sourceforge", "allowed: bitbucket, ")]
    [InlineData("INPUT_DESTINATION-URL", "http://git.example", "https")]
    [InlineData("INPUT_SOURCE-USERNAME", "a:b", "neither ':'")]
    [InlineData("INPUT_DESTINATION-USERNAME", "a b", "nor a space")]
    [InlineData("INPUT_DESTINATION-OWNER", "Acme Mirror", "is not a valid workspace slug")]
    [InlineData("INPUT_DESTINATION-OWNER", "acme,beta", "run one job for each")]
    public void Wrong_value_is_one_problem_that_names_it(string variable, string value, string expected) =>
        Given.ProblemsOf(new(s_byRole, StringComparer.Ordinal) { [variable] = value }).ShouldHaveSingleItem().ShouldContain(expected);

    [Theory]
    [InlineData("INPUT_DESTINATION-OWNER", "bitbucket-workspace")]
    [InlineData("INPUT_DESTINATION-TOKEN", "bitbucket-token")]
    public void Missing_setting_of_the_usual_pair_is_named_by_its_usual_name(string missing, string name)
    {
        var environment = new Dictionary<string, string>(s_byRole, StringComparer.Ordinal);
        environment.Remove(missing);

        Given.ProblemsOf(environment).ShouldHaveSingleItem().ShouldContain(name);
    }

    [Theory]
    [InlineData("github", "https://github.com", "acme", "acme", true)]
    [InlineData("github", "https://github.com", "acme", "ACME", true)]
    [InlineData("gitlab", "https://gitlab.com", "acme", "acme/mirrors", true)]
    [InlineData("gitlab", "https://gitlab.com", "beta\nacme", "acme/mirrors", true)]
    [InlineData("gitlab", "https://gitlab.com", "acme", "acme-mirrors", false)]
    [InlineData("gitlab", "https://gitlab.com", "acme/team", "acme", false)]
    [InlineData("gitlab", "https://git.example", "acme", "acme", false)]
    public void Mirrors_have_a_place_of_their_own(string kind, string url, string source, string destination, bool isRefused)
    {
        var environment = new Dictionary<string, string>(s_byRole, StringComparer.Ordinal)
        {
            ["INPUT_SOURCE"] = kind,
            ["INPUT_SOURCE-OWNER"] = source,
            ["INPUT_DESTINATION"] = kind,
            ["INPUT_DESTINATION-OWNER"] = destination,
            ["INPUT_DESTINATION-URL"] = url,
        };

        if (isRefused)
        {
            Given.ProblemsOf(environment).ShouldHaveSingleItem().ShouldContain("is the source, or lies in it");
        }
        else
        {
            Given.Build(environment).Sides[1].Owner.ShouldBe(destination);
        }
    }

    [Theory]
    [InlineData("INPUT_SOURCE-OWNER", "gitlab")]
    [InlineData("INPUT_DESTINATION-OWNER", "gitlab")]
    public void Owner_without_a_name_in_it_is_missing(string variable, string kind) =>
        Given
            .ProblemsOf(new(s_byRole, StringComparer.Ordinal) { [variable] = ",", [variable[..^6]] = kind })
            .ShouldHaveSingleItem()
            .ShouldContain("required; name the group at GitLab");

    [Theory]
    [InlineData("https://ghes.example", true)]
    [InlineData("https://github.com", false)]
    public void Token_of_the_workflow_goes_to_no_other_server(string url, bool isOther)
    {
        var environment = new Dictionary<string, string>(s_byRole, StringComparer.Ordinal)
        {
            ["INPUT_GITHUB-TOKEN"] = "ghs_ofTheWorkflow",
            ["INPUT_SOURCE-URL"] = url,
        };
        environment.Remove("INPUT_SOURCE-TOKEN");

        var settings = Given.Build(environment);

        settings.Sides[0].Settings.Token.ShouldBe(isOther ? null : "ghs_ofTheWorkflow");
        settings.Warnings.Any(warning => warning.Contains("only public repositories", StringComparison.Ordinal)).ShouldBe(isOther);
    }

    [Fact]
    public void Settings_of_a_host_on_neither_side_are_warned_of_by_name()
    {
        var settings = Given.Build(
            new(s_byRole, StringComparer.Ordinal)
            {
                ["INPUT_SOURCE"] = "gitlab",
                ["INPUT_GITHUB-OWNER"] = "acme",
                ["INPUT_GITHUB-TOKEN"] = "ghs_ofTheWorkflow",
                ["GITHUB_SERVER_URL"] = "https://github.com",
            }
        );

        settings.Warnings.ShouldHaveSingleItem().ShouldBe("github-owner (INPUT_GITHUB-OWNER) has no meaning between GitLab and Bitbucket.");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_opens_in_either_role(string kind)
    {
        var host = KnownHosts.All.Single(known => known.Kind == kind);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var role in new[] { "SOURCE", "DESTINATION" })
        {
            environment[$"INPUT_{role}"] = kind;
            environment[$"INPUT_{role}-URL"] = "http://127.0.0.1:1/base";
            environment[$"INPUT_{role}-OWNER"] = role == "SOURCE" ? "acme" : "beta";
            environment[$"INPUT_{role}-TOKEN"] = $"{role}-token-0123456789";
        }

        var settings = Given.Build(environment);

        foreach (var side in settings.Sides)
        {
            side.Host.ShouldBe(host);
            side.Settings.ApiUrl.AbsoluteUri.ShouldStartWith("http://127.0.0.1:1/base/");
            side.Settings.ToString().ShouldNotContain("-token-0123456789");
            using var client = new HttpClient();
            var opened = host.Open(side.Settings, new HostConnection(client, TimeProvider.System, _ => { }, _ => { }));
            opened.Source.Host.ShouldBe(host);
            var destination = opened.DestinationOf(side.Owner);
            (destination.Host, destination.Workspace).ShouldBe((host, side.Owner));
            destination.Describe("website").GitUrl.AbsoluteUri.ShouldStartWith("http://127.0.0.1:1/base/");
        }
    }

    public static TheoryData<string> Kinds => [.. KnownHosts.All.Select(host => host.Kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Host_on_loopback_stands_in_for_the_real_one(string kind)
    {
        var host = KnownHosts.All.Single(known => known.Kind == kind);

        host.NameAt(new("http://127.0.0.1:5000/acme/website")).ShouldBe(host.DefaultUrl?.Host ?? "localhost");
        host.NameAt(new("https://git.example:8443/acme/website")).ShouldBe("git.example:8443");
    }
}
