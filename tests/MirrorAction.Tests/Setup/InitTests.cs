using System.Text.RegularExpressions;
using MirrorAction.Doctor;
using MirrorAction.Hosts;
using MirrorAction.Inputs;
using MirrorAction.Setup;
using MirrorAction.Tests.Action;
using MirrorAction.Tests.Configuration;
using MirrorAction.Tests.Reporting;
using MirrorAction.Tests.Runner;
using WorkflowFile = MirrorAction.TestKit.WorkflowFile;

namespace MirrorAction.Tests.Setup;

/// <summary>The first command of a newcomer.</summary>
public sealed class InitTests : IDisposable
{
    private readonly ProgramHarness _program = ProgramHarness.Idle();

    public InitTests()
    {
        _program.Environment.Clear();
        WriteConfig("[remote \"origin\"]\n\turl = git@github.com:acme/mirror.git\n");
    }

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Workflow_of_the_pages_is_written_for_the_workspace_and_the_next_commands_are_told()
    {
        (await _program.RunAsync("init", "--bitbucket-workspace", "acme-copies")).ShouldBe(0, _program.Output);

        Written(MirrorWorkflow.File)
            .ShouldBe(MirrorWorkflow.Example.Text.Replace("workspace: acme-mirror", "workspace: acme-copies", StringComparison.Ordinal));
        foreach (var (name, _) in MirrorWorkflow.Example.Secrets)
        {
            _program.Output.ShouldContain($"  gh secret set {name} --repo acme/mirror\n");
        }

        _program.Output.ShouldContain("  mirror-action doctor --github-owner acme --bitbucket-workspace acme-copies\n");
        _program.Output.ShouldContain("  git add .github/workflows/mirror.yml && git commit");
        _program.Output.Split('\n').ShouldAllBe(line => line.Length <= 120);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Doctor_has_no_warning_for_it(bool withConfig)
    {
        await _program.RunAsync([
            .. new[] { "init", "--bitbucket-workspace", "acme-mirror" },
            .. withConfig ? ["--with-config"] : Array.Empty<string>(),
        ]);
        var payload = Path.Combine(_program.Folder, "event.json");
        File.WriteAllText(payload, """{"repository":{"private":true}}""");
        var environment = new EnvironmentVariables(new Dictionary<string, string> { ["GITHUB_EVENT_PATH"] = payload });

        var findings = new WorkflowCheck(environment, _program.Folder, TimeSpan.FromMinutes(330)).Run();

        findings.ShouldHaveSingleItem().Level.ShouldBe(DiagnosticLevel.Ok);
        StepCheck.ProblemsOf(WorkflowFile.Parse("mirror.yml", Written(MirrorWorkflow.File))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Configuration_is_written_when_it_is_asked_for_and_can_be_read()
    {
        await _program.RunAsync("init", "--bitbucket-workspace", "acme-mirror", "--with-config");

        Given.ReadFile(Written(MirrorConfig.File)).Inputs.Keys.ShouldBe(["repositories", "keep-days"], ignoreOrder: true);
        Given
            .ReadFile(
                Written(MirrorConfig.File)
                    .Replace("#rules:\n#  - match: website\n#    slug", "rules:\n  - match: website\n    slug", StringComparison.Ordinal)
            )
            .Rules.ShouldHaveSingleItem();
        Written(MirrorWorkflow.File).ShouldContain("actions/checkout@");
    }

    [Fact]
    public async Task Nothing_is_overwritten_and_nothing_half_done_without_force()
    {
        Directory.CreateDirectory(Path.Combine(_program.Folder, ".github"));
        File.WriteAllText(Path.Combine(_program.Folder, MirrorConfig.File), "prune: false\n");

        (await _program.RunAsync("init", "--bitbucket-workspace", "acme-mirror", "--with-config")).ShouldBe(2);

        _program.Output.ShouldContain($"{MirrorConfig.File}: is there already, and nothing was written; --force overwrites it.");
        File.Exists(Path.Combine(_program.Folder, MirrorWorkflow.File)).ShouldBeFalse();
        Written(MirrorConfig.File).ShouldBe("prune: false\n");
        (await _program.RunAsync("init", "--bitbucket-workspace", "acme-mirror", "--with-config", "--force")).ShouldBe(0);
        Written(MirrorConfig.File).ShouldBe(MirrorConfig.Text);
        Directory.EnumerateFiles(_program.Folder, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Owner_that_is_not_that_of_the_checkout_is_in_the_workflow()
    {
        (
            await _program.RunAsync("init", "--bitbucket-workspace", "m", "--github-owner", "acme-labs", "--action", "acme-labs/tools@0123abc")
        ).ShouldBe(0);

        Written(MirrorWorkflow.File).ShouldContain("          github-owner: acme-labs\n");
        Written(MirrorWorkflow.File).ShouldContain("        uses: acme-labs/tools@0123abc\n");
    }

    public static TheoryData<string, string> Pairs =>
        new(KnownHosts.All.SelectMany(source => KnownHosts.All.Select(destination => (source.Kind, destination.Kind))));

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Workflow_for_any_pair_is_one_that_the_program_takes_and_doctor_has_no_warning_for(string source, string destination)
    {
        string[] urls = [.. new[] { "source", "destination" }.Zip([source, destination]).SelectMany(UrlOf)];

        (
            await _program.RunAsync([
                .. new[]
                {
                    "init",
                    "--source",
                    source,
                    "--source-owner",
                    "acme-old",
                    "--destination",
                    destination,
                    "--destination-owner",
                    "acme-mirror",
                },
                .. urls,
            ])
        ).ShouldBe(0, _program.Output);

        var workflow = WorkflowFile.Parse("mirror.yml", Written(MirrorWorkflow.File));
        StepCheck.ProblemsOf(workflow).ShouldBeEmpty(Written(MirrorWorkflow.File));
        workflow.Text.ShouldContain("acme-old");
        var secrets = Regex.Matches(workflow.Text, @"secrets\.(\w+)").Select(secret => secret.Groups[1].Value).ToList();
        secrets.ShouldBeUnique();
        Regex.Matches(_program.Output, @"gh secret set (\w+)").Select(set => set.Groups[1].Value).ShouldBe(secrets);
        _program.Output.ShouldContain("mirror-action doctor ");

        static IEnumerable<string> UrlOf((string Role, string Kind) side) =>
            KnownHosts.All.Single(host => host.Kind == side.Kind).DefaultUrl is null ? [$"--{side.Role}-url", "https://git.acme.example"] : [];
    }

    [Theory]
    [InlineData(new[] { "init" }, "bitbucket-workspace: required")]
    [InlineData(new[] { "init", "--source", "gitlab", "--bitbucket-workspace", "m" }, "source-owner: required")]
    [InlineData(new[] { "init", "--destination", "gitea" }, "destination-owner: required")]
    [InlineData(new[] { "init", "--destination", "bitbucket-data-center", "--destination-owner", "ACME" }, "destination-url: required")]
    [InlineData(new[] { "init", "--destination", "gitlabb", "--destination-owner", "acme" }, "did you mean 'gitlab'")]
    [InlineData(new[] { "init", "--bitbucket-workspace", "m", "--destination-owner", "m" }, "which is the same setting")]
    [InlineData(new[] { "init", "--bitbucket-workspace", "Acme Mirror" }, "'Acme Mirror'")]
    [InlineData(new[] { "init", "--bitbucket-workspace", "m", "--action", "x\nrun: y" }, "expected OWNER/REPOSITORY@VERSION")]
    public async Task What_can_not_be_found_out_is_asked_for(string[] args, string problem)
    {
        (await _program.RunAsync(args)).ShouldBe(2);

        _program.Output.ShouldContain(problem);
        File.Exists(Path.Combine(_program.Folder, MirrorWorkflow.File)).ShouldBeFalse();
    }

    [Fact]
    public async Task Folder_that_is_no_checkout_needs_an_owner()
    {
        Directory.Delete(Path.Combine(_program.Folder, ".git"), recursive: true);

        (await _program.RunAsync("init", "--bitbucket-workspace", "acme-mirror")).ShouldBe(2);

        _program.Output.ShouldContain("no checkout with a remote tells it");
    }

    [Theory]
    [InlineData("https://github.com/acme/mirror.git", "acme/mirror")]
    [InlineData("https://x-access-token:ghs_0123456789@github.com/acme/mirror", "acme/mirror")]
    [InlineData("git@github.com:acme/mirror.git", "acme/mirror")]
    [InlineData("ssh://git@git.acme.example:2222/acme/my.mirror.git", "git.acme.example/acme/my.mirror")]
    [InlineData("https://GitHub.com/acme/mirror/", "acme/mirror")]
    [InlineData("/srv/git/mirror.git", null)]
    [InlineData("https://gitlab.com/a/b/c.git", null)]
    [InlineData("https://github.com/acme/mirror; rm -rf ~", null)]
    public void Remote_is_read_in_each_of_its_forms(string url, string? expected) => GitCheckout.Parse(url)?.ForGitHubCli.ShouldBe(expected);

    [Fact]
    public void Origin_goes_before_other_remotes_and_a_worktree_has_its_repositorys()
    {
        WriteConfig(
            "[core]\n\turl = x\n[remote \"fork\"]\n\turl = https://github.com/me/mirror\n[remote \"origin\"]\n\turl = https://github.com/acme/mirror\n"
        );
        var worktree = Directory.CreateDirectory(Path.Combine(_program.Folder, "worktree", "docs")).Parent!.FullName;
        var own = Directory.CreateDirectory(Path.Combine(_program.Folder, ".git", "worktrees", "w")).FullName;
        File.WriteAllText(Path.Combine(own, "commondir"), "../..\n");
        File.WriteAllText(Path.Combine(worktree, ".git"), $"gitdir: {own}\n");

        var found = GitCheckout.Find(Path.Combine(worktree, "docs")).ShouldNotBeNull();

        found.Root.ShouldBe(worktree);
        found.Remote.ShouldBe(new("github.com", "acme", "mirror"));
        using var elsewhere = new TemporaryFolder();
        GitCheckout.Find(elsewhere.Path).ShouldBeNull();
    }

    private string Written(string path) => File.ReadAllText(Path.Combine(_program.Folder, path));

    private void WriteConfig(string text)
    {
        Directory.CreateDirectory(Path.Combine(_program.Folder, ".git"));
        File.WriteAllText(Path.Combine(_program.Folder, ".git", "config"), text);
    }
}
