using System.Text;

namespace MirrorAction.TestKit;

/// <summary>
/// The organisation <c>acme</c>: small, but with everything that makes mirrors go wrong in large ones. Ids and contents are the same on every run.
/// </summary>
public sealed class SampleOrganization
{
    /// <summary>The login of the organisation.</summary>
    public const string Owner = "acme";

    /// <summary>A name of 80 characters, more than Bitbucket allows.</summary>
    public const string LongName = "a-name-of-eighty-characters-which-is-legal-on-github-but-too-long-for-bitbucket-";

    private readonly SandboxGitHub _host;
    private readonly List<Action> _unwritten = [];

    private SampleOrganization(SandboxGitHub host) => _host = host;

    /// <summary>Adds the organisation to a host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="small">How many small repositories to add beside the special ones.</param>
    /// <param name="checkout">A checkout whose current branch becomes one more repository; null for none, and one without its whole history is left
    /// out.</param>
    public static SampleOrganization Seed(SandboxGitHub host, int small = 0, string? checkout = null)
    {
        var organization = new SampleOrganization(host);
        host.AddAccount(Owner);
        host.AddAccount($"{Owner}-new"); // Has nothing; a restore could go there.
        organization.AddHandbook();
        organization.AddApi();
        organization.AddWebsite();
        organization.AddDesign();
        organization.AddOddRefs();
        organization.AddPulls();
        organization.AddOthers();
        if (checkout is not null && RealGit.Try(checkout, ["rev-parse", "--is-shallow-repository"]) is { Text: "false" })
            organization.AddCheckout(checkout);
        for (var number = 1; number <= small; number++)
            organization.AddSmall($"service-{number:000}");
        organization.Write();
        return organization;
    }

    /// <summary>What happens to an organisation in a day: every kind of change that a mirror must follow.</summary>
    /// <returns>The changes in words, one line each.</returns>
    public IReadOnlyList<string> ApplyChanges()
    {
        var handbook = Git("handbook");
        handbook.Commit("NEWS.md", "Something new.\n");

        var api = Git("api");
        var tip = api.Resolve("refs/heads/main")!;
        api.Branch("feature/new-one", tip);
        api.Branch("feature/new-two", tip);
        api.Commit("src/new.txt", "new\n", "feature/new-two");
        api.DeleteBranch("feature/01");
        api.TagAnnotated("v0.1", tip, "Moved");

        var website = Git("Website");
        website.ResetHard("main", "main~2");
        website.Commit("index.html", "<h1>Rewritten</h1>\n");

        Git("tools").DeleteBranch("x");
        Git("tools").Branch("x/y", "main");

        var renamed = _host.Find(Owner, "widgets")!;
        renamed.Git.Branch("trunk", "main");
        renamed.DefaultBranch = "trunk";
        renamed.Git.DeleteBranch("main");

        AddSmall("brand-new");
        Write();
        return
        [
            "handbook   one commit more",
            "api        two new branches, one deleted, an annotated tag moved",
            "Website    main rewritten by a forced push",
            "tools      branch x replaced by x/y",
            "widgets    default branch renamed from main to trunk",
            "brand-new  a new repository",
        ];
    }

    private GitRepository Git(string name) => _host.Find(Owner, name)!.Git;

    private SandboxGitHubRepository Add(string name, string? description = null)
    {
        var repository = _host.AddRepository(Owner, name);
        repository.Description = description;
        return repository;
    }

    private void Add(string name, string? description, Action<FastImport> write, Action<SandboxGitHubRepository>? setUp = null)
    {
        var repository = Add(name, description);
        setUp?.Invoke(repository);
        _unwritten.Add(() =>
        {
            using var import = repository.Git.Import();
            write(import);
            import.Complete();
        });
    }

    /// <summary>Each repository is written by a git of its own; a few at a time keep the processors busy.</summary>
    private void Write()
    {
        Parallel.ForEach(_unwritten, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(4, Environment.ProcessorCount) }, write => write());
        _unwritten.Clear();
    }

    private void AddHandbook() =>
        Add(
            "handbook",
            "How we work: about 3,000 commits",
            import =>
            {
                for (var i = 1; i <= 3000; i++)
                    import.Commit("main", $"chapter-{i % 40:00}/page-{i % 7}.md", $"# Page {i}\n\nWritten in commit {i}.\n");
            }
        );

    private void AddApi() =>
        Add(
            "api",
            "Many branches and tags",
            import =>
            {
                var marks = Enumerable.Range(1, 60).Select(i => import.Commit("main", $"src/file{i % 12}.txt", $"version {i}\n")).ToList();
                for (var i = 1; i <= 40; i++)
                {
                    import.Commit($"feature/{i:00}", "feature.txt", $"feature {i}\n", from: $":{marks[i]}");
                    import.Tag($"v0.{i}", $":{marks[i]}", $"Release 0.{i}\n");
                    import.Reset($"refs/tags/build-{i}", $":{marks[i]}");
                }
            }
        );

    private void AddWebsite() =>
        Add(
            "Website",
            "Upper case | and *markup* in `descriptions` <b>too</b>",
            import =>
            {
                for (var i = 1; i <= 25; i++)
                    import.Commit("main", "index.html", $"<h1>Acme {i}</h1>\n");
                import.Reset("refs/heads/gh-pages", "refs/heads/main");
            }
        );

    private void AddDesign() =>
        Add(
            "design-assets",
            "Files that do not compress",
            import =>
            {
                for (var i = 1; i <= 4; i++)
                    import.CommitRandom("main", $"poster-{i}.bin", 1_500_000, seed: (ulong)i);
            }
        );

    private void AddOddRefs() =>
        Add(
            "odd-refs",
            "Names of refs that programs trip over",
            import =>
            {
                var mark = import.Commit("main", "README.md", "Odd names.\n");
                foreach (
                    var name in (string[])
                        [
                            "refs/heads/a/very/deep/name/with/many/levels",
                            "refs/heads/grüße",
                            "refs/heads/日本語",
                            "refs/heads/user@host#1",
                            "refs/heads/%41",
                            "refs/tags/v1.0+meta",
                        ]
                )
                    import.Reset(name, $":{mark}");
                import.Reset(Encoding.Latin1.GetBytes("refs/heads/caf\u00e9-in-latin-1"), $":{mark}");
                import.Reset("refs/notes/commits", $":{mark}");
            }
        );

    private void AddPulls() =>
        Add(
            "widgets",
            "Has pull requests, which belong to GitHub and are not mirrored",
            import =>
            {
                for (var i = 1; i <= 10; i++)
                    import.Commit("main", "widget.txt", $"widget {i}\n");
                for (var i = 1; i <= 30; i++)
                    import.Commit($"refs/pull/{i}/head", "widget.txt", $"proposal {i}\n", from: "refs/heads/main");
            }
        );

    private void AddOthers()
    {
        AddSmall(".github", "Name with a leading dot");
        AddSmall(LongName, "Longer than Bitbucket's 62 characters");
        AddSmall("legacy-billing", "Archived", repository => repository.Archived = true);
        AddSmall("toolkit-fork", "A fork; not mirrored by default", repository => repository.Fork = true);
        AddSmall("blocked", "Disabled by GitHub: listed, but not readable", repository => repository.Disabled = true);
        AddSmall("vault", "Private", repository => repository.Private = true);
        Add("empty", "Nothing pushed yet");
        Add(
            "tools",
            "Default branch is develop",
            import =>
            {
                import.Commit("main", "tool.txt", "1\n");
                import.Commit("develop", "tool.txt", "2\n", from: "refs/heads/main");
                import.Reset("refs/heads/x", "refs/heads/main");
            },
            repository => repository.DefaultBranch = "develop"
        );
    }

    private void AddSmall(string name, string? description = null, Action<SandboxGitHubRepository>? setUp = null) =>
        Add(
            name,
            description,
            import =>
            {
                for (var i = 1; i <= 3; i++)
                    import.Commit("main", "README.md", $"# {name}\n\nVersion {i}.\n");
                import.Tag("v1", "refs/heads/main", "First\n");
            },
            setUp
        );

    private void AddCheckout(string path)
    {
        var branch = RealGit.Try(path, ["symbolic-ref", "--short", "HEAD"]) is { ExitCode: 0 } head ? head.Text : "main";
        var repository = Add("mirror-action", "This very project");
        repository.Git.Git("fetch", "--quiet", path, $"+HEAD:refs/heads/{branch}", "+refs/tags/*:refs/tags/*");
        repository.DefaultBranch = branch;
    }
}
