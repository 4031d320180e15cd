using System.Globalization;
using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Scenarios;

/// <summary>Repositories as hosts have them, packed and with bitmaps; each is built once, when it is first needed.</summary>
internal sealed class Seeds : IDisposable
{
    private const int LargeNoiseMiB = 64;

    private readonly TempFolder _folder = new("compare-seeds-");
    private readonly Dictionary<string, GitRepository> _built = [];

    /// <summary>Two dozen commits.</summary>
    internal GitRepository Small => Once("small", git => AddHistory(git, commits: 24, files: 6, lines: 60));

    /// <summary>Two thousand commits and some branches.</summary>
    internal GitRepository Medium =>
        Once(
            "medium",
            git =>
            {
                AddHistory(git, commits: 2_000, files: 60, lines: 300);
                for (var i = 1; i <= 40; i++)
                    git.Branch($"topic-{i:00}", $"main~{i * 3}");
            }
        );

    /// <summary>About 90 MiB: thousands of commits, and files that do not compress.</summary>
    internal GitRepository Large =>
        Once(
            "large",
            git =>
            {
                git.FillWithNoise((long)LargeNoiseMiB << 20);
                git.Configure("core.compression", "-1");
                AddHistory(git, commits: 12_000, files: 300, lines: 300);
            }
        );

    /// <summary>Many branches, at two dozen commits of its history.</summary>
    internal GitRepository ManyRefs(int count) =>
        Once(
            string.Create(CultureInfo.InvariantCulture, $"refs-{count}"),
            git =>
            {
                const int groups = 25;
                AddHistory(git, commits: 500, files: 20, lines: 100);
                for (var group = 0; group < groups; group++)
                    git.AddBranches(
                        count / groups,
                        string.Create(CultureInfo.InvariantCulture, $"team-{group:00}/topic-"),
                        $"refs/heads/main~{group * 10}"
                    );
            }
        );

    /// <summary>Adds a repository that is a copy of one of these.</summary>
    internal static SandboxGitHubRepository Add(SandboxGitHub host, string name, GitRepository seed)
    {
        var repository = host.AddRepository("acme", name);
        LinkedCopy.Replace(seed.Path, repository.Git.Path);
        return repository;
    }

    public void Dispose() => _folder.Dispose();

    private GitRepository Once(string name, Action<GitRepository> fill)
    {
        if (!_built.TryGetValue(name, out var git))
        {
            git = GitRepository.Init(_folder[name + ".git"]);
            fill(git);
            git.Git("repack", "-adfq", "--write-bitmap-index");
            git.Git("pack-refs", "--all");
            _built[name] = git;
        }

        return git;
    }

    /// <summary>Commits that change some lines in two files each.</summary>
    private static void AddHistory(GitRepository git, int commits, int files, int lines)
    {
        var from = git.Resolve("refs/heads/main");
        using var import = git.Import();
        var random = new Random(1);
        var contents = Enumerable.Range(0, files).Select(_ => Enumerable.Range(0, lines).Select(_ => Line(random)).ToArray()).ToArray();
        for (var i = 0; i < commits; i++)
        {
            var changes = new Dictionary<string, byte[]?>();
            for (var change = 0; change < 2; change++)
            {
                var file = random.Next(files);
                for (var edit = 0; edit < lines / 20; edit++)
                    contents[file][random.Next(lines)] = Line(random);
                changes[$"src/part-{file % 10}/file-{file}.txt"] = Encoding.UTF8.GetBytes(string.Concat(contents[file]));
            }

            import.Commit("main", $"Change {i}", changes, from);
            from = null;
        }

        import.Complete();
    }

    private static string Line(Random random) => $"let value_{random.Next(1000)} = compute({random.Next()}, {random.Next(100)});\n";
}
