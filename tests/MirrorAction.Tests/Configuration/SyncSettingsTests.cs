using MirrorAction.Git.Model;
using MirrorAction.Inputs;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Modes;

namespace MirrorAction.Tests.Configuration;

public sealed class SyncSettingsTests
{
    private const string Source = "https://a.example/x.git";
    private const string Destination = "http://127.0.0.1:8080/x.git/";

    [Fact]
    public void Two_URLs_are_enough()
    {
        var settings = Build([]);

        settings.SourceUrl.ShouldBe(new Uri(Source));
        settings.DestinationUrl.ShouldBe(new Uri("http://127.0.0.1:8080/x.git"));
        settings.SourceLogin.ShouldBeNull();
        settings.DestinationLogin.ShouldBeNull();
        settings.IsDryRun.ShouldBeFalse();
        settings.Refs.ShouldBe(new RefOptions { Adopt = true, Patterns = settings.Refs.Patterns });
        settings.Refs.Patterns.ToString().ShouldBe(RefPatternSet.BranchesAndTags.ToString());
    }

    [Fact]
    public void Options_reach_the_engine()
    {
        var refs = Build(
            [],
            ("prune", "false"),
            ("adopt", "false"),
            ("keep-days", "0"),
            ("prune-limit", "7"),
            ("max-attempts", "2"),
            ("keep-overwritten", "false"),
            ("refs", "refs/heads/*\nrefs/notes/*")
        ).Refs;

        refs.Prune.ShouldBeFalse();
        refs.Adopt.ShouldBeFalse();
        refs.KeepFor.ShouldBeNull();
        refs.PruneLimit.ShouldBe(PruneLimit.Count(7));
        refs.MaxAttempts.ShouldBe(2);
        refs.KeepOverwritten.ShouldBeFalse();
        refs.Patterns.ToString().ShouldBe("refs/heads/*, refs/notes/*");
    }

    [Fact]
    public void Credentials_come_from_their_own_variables_only()
    {
        var settings = Build(
            new()
            {
                ["MIRROR_SOURCE_TOKEN"] = "one",
                ["MIRROR_DESTINATION_USERNAME"] = "joe",
                ["MIRROR_DESTINATION_TOKEN"] = "two",
                ["INPUT_GITHUB-TOKEN"] = "three",
            }
        );

        settings.SourceLogin!.UserName.ShouldBe("x-access-token");
        settings.SourceLogin.Token.Reveal().ShouldBe("one");
        settings.DestinationLogin!.UserName.ShouldBe("joe");
        settings.DestinationLogin.Token.Reveal().ShouldBe("two");
        settings.ToString().ShouldNotContain("two");
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var problems = Should
            .Throw<ConfigurationException>(() =>
                SyncMode.Read(
                    "https://joe:pw123@a.example/x",
                    "http://b.example/x",
                    new Dictionary<string, string> { ["prune"] = "no" },
                    new EnvironmentVariables(new Dictionary<string, string> { ["MIRROR_SOURCE_USERNAME"] = "joe" })
                )
            )
            .Problems.Select(problem => problem.ToString())
            .ToList();

        problems.Count.ShouldBe(4);
        problems.ShouldContain(p => p.StartsWith("SOURCE-URL: ") && p.Contains("MIRROR_SOURCE_TOKEN") && !p.Contains("pw123"));
        problems.ShouldContain(p => p.StartsWith("DESTINATION-URL: ") && p.Contains("loopback"));
        problems.ShouldContain(p => p.StartsWith("MIRROR_SOURCE_USERNAME: ") && p.Contains("MIRROR_SOURCE_TOKEN"));
        problems.ShouldContain("--prune: expected true or false, not 'no'.");
    }

    [Fact]
    public void A_repository_is_not_mirrored_into_itself()
    {
        Should
            .Throw<ConfigurationException>(() => SyncMode.Read(Source, Source + "/", new Dictionary<string, string>(), EnvironmentVariables.None))
            .Problems.ShouldHaveSingleItem()
            .Message.ShouldContain("the same repository");
    }

    private static SyncSettings Build(Dictionary<string, string> environment, params (string Name, string Value)[] options) =>
        SyncMode.Read(
            Source,
            Destination,
            options.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal),
            new EnvironmentVariables(environment)
        );
}
