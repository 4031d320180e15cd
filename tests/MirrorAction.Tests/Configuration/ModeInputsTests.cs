using System.Text;
using MirrorAction.Inputs;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Drill;
using MirrorAction.Mirroring.Restore;
using MirrorAction.Modes;

namespace MirrorAction.Tests.Configuration;

/// <summary>What each mode needs, and what it takes.</summary>
public sealed class ModeInputsTests
{
    private const string Owner = "INPUT_GITHUB-OWNER";
    private const string GitHubToken = "INPUT_GITHUB-TOKEN";
    private const string Workspace = "INPUT_BITBUCKET-WORKSPACE";
    private const string BitbucketToken = "INPUT_BITBUCKET-TOKEN";

    [Theory]
    [InlineData("mirror", "", Owner, Workspace, BitbucketToken)]
    [InlineData("plan", "", Owner, Workspace, BitbucketToken)]
    [InlineData("doctor", "", Owner, Workspace, BitbucketToken)]
    [InlineData("verify", "", Owner, Workspace, BitbucketToken)]
    [InlineData("verify", "deep", Owner, Workspace, BitbucketToken)]
    [InlineData("restore", "", Owner, GitHubToken, Workspace, BitbucketToken)]
    [InlineData("restore", "dry-run", Owner, Workspace, BitbucketToken)]
    [InlineData("restore", "drill", Owner, Workspace, BitbucketToken)]
    [InlineData("backup", "", Owner)]
    [InlineData("restore", "from=backup", Owner, GitHubToken)]
    [InlineData("backup", "from=bitbucket", Workspace, BitbucketToken)]
    [InlineData("backup", "check")]
    public void Each_mode_wants_what_it_needs_and_nothing_else(string mode, string option, params string[] needed)
    {
        var given = needed.ToDictionary(name => name, name => Given.Minimum[name], StringComparer.Ordinal);
        given["INPUT_MODE"] = mode;
        if (option.Length > 0)
        {
            var words = option.Split('=');
            given[$"INPUT_{words[0].ToUpperInvariant()}"] = words.Length > 1 ? words[1] : "true";
        }

        Given.Build(given).ModeName.ShouldBe(mode);
        foreach (var name in needed)
        {
            Given
                .ProblemsOf(given.Where(pair => pair.Key != name).ToDictionary(StringComparer.Ordinal))
                .ShouldHaveSingleItem()
                .ToUpperInvariant()
                .ShouldContain($"{name["INPUT_".Length..]}", customMessage: name);
        }
    }

    [Theory]
    [InlineData("mirror", true)]
    [InlineData("plan", false)]
    [InlineData("verify", false)]
    public void Only_a_mirror_run_repairs(string mode, bool repairs)
    {
        var settings = Given.Build(Given.With(("INPUT_MODE", mode), ("INPUT_REPAIR", "true")));

        settings.Mirror.Refs.Repair.ShouldBe(repairs);
        settings.Warnings.Any(warning => warning.Contains("repair", StringComparison.Ordinal)).ShouldBe(!repairs);
    }

    [Fact]
    public void Restore_goes_from_the_workspace_to_one_owner()
    {
        var settings = Given.Build(
            Given.With(
                ("INPUT_MODE", "restore"),
                ("INPUT_DRY-RUN", "true"),
                ("INPUT_INCLUDE-KEPT", "true"),
                ("INPUT_PUSH-LIMIT", "1GiB"),
                ("INPUT_PREVIOUS-REPORT", "old/report.json")
            )
        );

        settings.Settings.ShouldBeOfType<RestoreSettings>();
        settings.Mirror.Owners.ShouldBe(["acme-mirror"]);
        settings.Mirror.IsPlan.ShouldBeTrue();
        settings.Restore.ShouldBe(new RestoreOptions("acme") { IncludeKept = true, PushLimit = 1L << 30 });
        settings.PreviousReport.ShouldBe("/srv/old/report.json");
        settings.ReportSource.Host.ShouldBe("bitbucket");
        settings.ReportSource.Owners.ShouldBe(["acme-mirror"]);
        settings.ReportDestination.ShouldBe(new("github", "acme"));
        settings.Warnings.ShouldBeEmpty();
        Given
            .ProblemsOf(Given.With(("INPUT_MODE", "restore"), (Owner, "acme, acme-labs")))
            .ShouldHaveSingleItem()
            .ShouldContain("names several owners");
    }

    [Theory]
    [InlineData("restore", null, 1000)]
    [InlineData("restore", "0", 0)]
    [InlineData("restore", "200ms", 200)]
    [InlineData("restore", "2s", 2000)]
    [InlineData("mirror", null, 500)]
    public void Repositories_are_created_at_GitHub_a_second_apart_unless_somebody_knows_better(string mode, string? given, int milliseconds) =>
        Given
            .Build(Given.With(("INPUT_MODE", mode), ("INPUT_CREATE-INTERVAL", given ?? "")))
            .Mirror.CreateInterval.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Fact]
    public void Drill_needs_no_credential_that_writes()
    {
        var environment = Given.With(("INPUT_MODE", "restore"), ("INPUT_DRILL", "true"), ("INPUT_SAMPLE", "3"), ("RUNNER_TEMP", "/temp"));
        environment.Remove(GitHubToken);

        var settings = Given.Build(environment);

        settings.Settings.ShouldBeOfType<DrillSettings>();
        settings.ModeName.ShouldBe("restore");
        settings.Drill.ShouldBe(new DrillOptions("/temp") { Sample = 3 });
        settings.Restore.ShouldBeNull();
        settings.Mirror.Owners.ShouldBe(["acme"]);
        settings.Warnings.ShouldHaveSingleItem().ShouldContain("only public repositories");
    }

    [Fact]
    public void Restore_from_a_backup_reads_its_folder_and_asks_nothing_of_the_mirrors_host()
    {
        var settings = Given.Build(
            Given.With(("INPUT_MODE", "restore"), ("INPUT_FROM", "backup"), ("INPUT_BACKUP-DIR", "/mnt/backup"), ("INPUT_DRY-RUN", "true"))
        );

        settings.Variant.ShouldBe("dry-run");
        (settings.ReportSource.Host, settings.ReportSource.Owners[0]).ShouldBe(("folder", "/mnt/backup"));
        (settings.ReportDestination.Host, settings.ReportDestination.Workspace).ShouldBe(("github", "acme"));
        settings.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("restore", "destination", "restore takes mirrors or backup")]
    [InlineData("backup", "backup", "give source or destination")]
    public void From_means_something_else_in_each_mode(string mode, string from, string expected) =>
        Given.ProblemsOf(Given.With(("INPUT_MODE", mode), ("INPUT_FROM", from))).ShouldHaveSingleItem().ShouldContain(expected);

    [Fact]
    public void Drill_is_of_the_mirrors() =>
        Given
            .ProblemsOf(Given.With(("INPUT_MODE", "restore"), ("INPUT_FROM", "backup"), ("INPUT_DRILL", "true")))
            .ShouldHaveSingleItem()
            .ShouldContain("mode backup with check and deep");

    [Theory]
    [InlineData("INPUT_BACKUP-DIR", "/mnt/backup", "mirrors", "only with from: backup")]
    [InlineData("INPUT_PREVIOUS-REPORT", "last.json", "backup", "no meaning with from: backup")]
    public void What_restore_does_not_read_is_said(string input, string value, string from, string expected) =>
        Given
            .Build(Given.With(("INPUT_MODE", "restore"), ("INPUT_FROM", from), (input, value)))
            .Warnings.ShouldHaveSingleItem()
            .ShouldContain(expected);

    [Fact]
    public void Backup_takes_its_options()
    {
        var backup = Given
            .Build(Given.With(("INPUT_MODE", "backup"), ("INPUT_BACKUP-DIR", "/mnt/backup"), ("INPUT_FULL-EVERY", "7"), ("INPUT_KEEP", "0")))
            .Backup;
        backup.ShouldBe(new BackupOptions("/mnt/backup") { FullEvery = 7, Keep = null });
        Given.Build(Given.With(("INPUT_MODE", "backup"))).Backup.ShouldBe(new BackupOptions("/srv/mirror-backup"));
    }

    [Fact]
    public void Deep_check_has_a_folder_for_what_it_brings_back()
    {
        (string, string)[] check = [("INPUT_MODE", "backup"), ("INPUT_CHECK", "true"), ("RUNNER_TEMP", "/temp")];

        Given.Build(Given.With(check)).Backup!.Scratch.ShouldBeNull();
        var deep = Given.Build(Given.With([.. check, ("INPUT_DEEP", "true")]));
        (deep.Backup!.Scratch, deep.Variant).ShouldBe(("/temp", "check"));
        deep.Warnings.ShouldBeEmpty();
        var backup = Given.Build(Given.With(("INPUT_MODE", "backup"), ("INPUT_DEEP", "true")));
        backup.Backup!.Scratch.ShouldBeNull();
        backup.Warnings.ShouldHaveSingleItem().ShouldEndWith("only together with check.");
    }

    [Fact]
    public void Backup_of_Bitbucket_is_of_the_workspace()
    {
        var settings = Given.Build(Given.With(("INPUT_MODE", "backup"), ("INPUT_FROM", "bitbucket")));

        settings.Mirror.Owners.ShouldBe(["acme-mirror"]);
        settings.GitHub.ShouldBeNull();
        settings.ReportSource.Host.ShouldBe("bitbucket");
        Given.Build(Given.With(("INPUT_MODE", "backup"))).ReportSource.Host.ShouldBe("github");
    }

    [Theory]
    [InlineData("INPUT_DEEP", "true", "verify or backup")]
    [InlineData("INPUT_INCLUDE-KEPT", "true", "restore")]
    [InlineData("INPUT_DRILL", "true", "restore")]
    [InlineData("INPUT_CHECK", "true", "backup")]
    [InlineData("INPUT_KEEP", "3", "backup")]
    public void Input_of_another_mode_is_warned_of(string name, string value, string mode) =>
        Given.Build(Given.With((name, value))).Warnings.ShouldHaveSingleItem().ShouldEndWith($"has a meaning only with mode {mode}.");

    [Fact]
    public void What_a_form_passes_on_unchanged_is_not_warned_of() =>
        Given
            .Build(Given.With(("INPUT_DEEP", "false"), ("INPUT_DRY-RUN", "false"), ("INPUT_KEEP", "2"), ("INPUT_FROM", "source")))
            .Warnings.ShouldBeEmpty();

    [Fact]
    public void Configuration_file_serves_several_modes() =>
        Given
            .BuildWithFile(
                Encoding.UTF8.GetBytes("deep: true\nfull-every: 7\ninclude-kept: true\ndry-run: true\nsample: 3\nbackup-dir: /mnt/backup\n")
            )
            .Warnings.ShouldBeEmpty();

    [Theory]
    [InlineData("mirror", "only with mode restore; what mirror would do is told by mode plan.")]
    [InlineData("backup", "only with mode restore.")]
    [InlineData("verify", "only with mode restore.")]
    public void Dry_run_is_never_taken_for_a_run_that_writes(string mode, string end) =>
        Given.ProblemsOf(Given.With(("INPUT_MODE", mode), ("INPUT_DRY-RUN", "true"))).ShouldHaveSingleItem().ShouldEndWith(end);

    [Fact]
    public void Sample_without_a_drill_is_never_taken_for_a_restore_of_everything() =>
        Given
            .ProblemsOf(Given.With(("INPUT_MODE", "restore"), ("INPUT_SAMPLE", "3")))
            .ShouldHaveSingleItem()
            .ShouldContain("only together with drill");

    [Theory]
    [InlineData("INPUT_PUSH-LIMIT", "2GB", "expected a size such as 1900MiB")]
    [InlineData("INPUT_PUSH-LIMIT", "0MiB", "expected a size such as 1900MiB")]
    [InlineData("INPUT_PREVIOUS-REPORT", "../report.json", "leads out of the workspace; use a file in it")]
    public void Wrong_value_of_restore_is_one_problem(string name, string value, string expected) =>
        Given.ProblemsOf(Given.With(("INPUT_MODE", "restore"), (name, value))).ShouldHaveSingleItem().ShouldContain(expected);

    [Theory]
    [InlineData("INPUT_FROM", "gitlab", "allowed: source, destination, bitbucket, github")]
    [InlineData("INPUT_FULL-EVERY", "0", "from 1 to 10000")]
    [InlineData("INPUT_KEEP", "all", "from 0 to 10000")]
    [InlineData("INPUT_BACKUP-DIR", "../backup", "leads out of the workspace; use a folder in it")]
    public void Wrong_value_of_backup_is_one_problem(string name, string value, string expected) =>
        Given.ProblemsOf(Given.With(("INPUT_MODE", "backup"), (name, value))).ShouldHaveSingleItem().ShouldContain(expected);

    [Fact]
    public void Every_mode_has_its_words_and_only_inputs_that_exist()
    {
        ModeList.All.Select(mode => mode.Name).ShouldBeUnique();
        foreach (var mode in ModeList.All)
        {
            mode.OwnInputs.ShouldBeSubsetOf(mode.Inputs, mode.Name);
            mode.Inputs.ShouldBeUnique(mode.Name);
            mode.TextOf(null).Title.ShouldNotBeEmpty();
            (mode.Help is { Does.Length: > 0, InShort.Length: > 0 }).ShouldBe(mode.IsOfAction, mode.Name);
            mode.Help.Examples.ShouldAllBe(example => example.StartsWith(mode.Name + " "), mode.Name);
            if (mode.IsOfAction)
            {
                mode.Inputs.ShouldBeSubsetOf(ActionInputs.All, mode.Name);
            }
        }
    }

    [Fact]
    public void Default_of_every_input_is_a_value_of_it()
    {
        foreach (var input in ActionInputs.All.Where(input => input.Default is not null && input.Kind == InputKind.Choice))
        {
            input.Allowed.ShouldContain(input.Default!, input.Name);
        }

        ActionInputs.All.Select(input => input.Name).ShouldBeUnique();
        ActionInputs.All.ShouldAllBe(input => input.Group.Length > 0 && input.Summary.Length > 0 && input.Text.EndsWith('.'));
    }
}
