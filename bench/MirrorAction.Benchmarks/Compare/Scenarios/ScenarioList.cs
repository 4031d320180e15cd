using System.Globalization;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Scenarios;

/// <summary>All scenarios, in the order of the table.</summary>
internal static class ScenarioList
{
    private const string Medium = "medium";
    private const string Large = "large";

    private static readonly Action<SandboxGitHub> s_nothing = _ => { };

    // At a distance a round of the loops takes many minutes, all of it spent on waiting.
    private static readonly IReadOnlyList<Network> s_nearOnly = [Network.Loopback];

    private static readonly Action<SandboxGitHub, Seeds> s_large = (host, seeds) => Seeds.Add(host, Large, seeds.Large);

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new("first-large", "First mirror of one large repository, 90 MiB", s_large, null),
        new("first-60", "First mirror of 60 small repositories", Small(60), null) { Networks = s_nearOnly },
        new("unchanged-60", "Nothing changed in 60 repositories", Small(60), s_nothing),
        new("commit-60", "One commit in one of 60 repositories", Small(60), host => Commit(host, "lib-0030")),
        new("commit-large", "One commit in the large repository", s_large, host => Commit(host, Large)),
        new("branches-50", "50 new branches with a commit each", AddMedium, AddBranches),
        new("force-delete", "A branch rewritten, another deleted", AddMedium, RewriteAndDelete),
        new("first-2000-refs", "First mirror of a repository with 2,000 branches", Refs(2000), null),
        new("commit-2000-refs", "One commit in the repository with 2,000 branches", Refs(2000), host => Commit(host, Medium)),
        new("unchanged-50000-refs", "Nothing changed in a repository with 50,000 branches", Refs(50_000), s_nothing) { Networks = s_nearOnly },
        new("unchanged-1000", "Nothing changed in 1,000 repositories", Small(1000), s_nothing) { Networks = s_nearOnly },
    ];

    internal static void AddMedium(SandboxGitHub host, Seeds seeds) => Seeds.Add(host, Medium, seeds.Medium);

    internal static Action<SandboxGitHub, Seeds> Small(int count) =>
        (host, seeds) =>
        {
            for (var i = 1; i <= count; i++)
                Seeds.Add(host, string.Create(CultureInfo.InvariantCulture, $"lib-{i:0000}"), seeds.Small);
        };

    internal static Action<SandboxGitHub, Seeds> Refs(int count) => (host, seeds) => Seeds.Add(host, Medium, seeds.ManyRefs(count));

    internal static void Commit(SandboxGitHub host, string repository) =>
        host.Find(World.Owner, repository)!.Git.Commit("CHANGES.md", "One more line.\n");

    private static void AddBranches(SandboxGitHub host)
    {
        var git = host.Find(World.Owner, Medium)!.Git;
        var main = git.Resolve("refs/heads/main");
        using var import = git.Import();
        for (var i = 1; i <= 50; i++)
            import.Commit(string.Create(CultureInfo.InvariantCulture, $"new-{i:00}"), $"new/file-{i}.txt", $"{i}\n", main);
        import.Complete();
    }

    internal static void RewriteAndDelete(SandboxGitHub host)
    {
        var git = host.Find(World.Owner, Medium)!.Git;
        git.Commit("CHANGES.md", "Another line.\n", "topic-01", from: git.Resolve("refs/heads/topic-01~1"));
        git.DeleteBranch("topic-02");
    }
}
