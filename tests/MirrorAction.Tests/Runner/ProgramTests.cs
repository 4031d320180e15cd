using System.Text.Json;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;
using MirrorAction.TestKit;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

public sealed class ProgramTests
{
    private static readonly RunMessage[] s_log =
    [
        new(MessageLevel.Debug, "2 requests"),
        new(MessageLevel.Info, "remote: ::error::from the server"),
        new(MessageLevel.Warning, "the branch old was kept"),
    ];

    [Fact]
    public async Task Report_of_an_earlier_run_is_read_before_it_is_overwritten()
    {
        var old = new DateTimeOffset(2026, 11, 18, 2, 0, 0, TimeSpan.Zero);
        using var program = new ProgramHarness
        {
            Mirror = (_, _, _) =>
                Task.FromResult(Sample.Run(Sample.Repository("docs", RepositoryStatus.Different) with { Verified = false }) with { Mode = "verify" }),
        };
        ReportJson.Write(Sample.Run(Sample.Repository("docs") with { VerifiedAt = old }), Path.GetDirectoryName(program.ReportFile)!);

        await program.RunAsync("verify");

        program.Previous.ShouldNotBeNull().Repositories[0].VerifiedAt.ShouldBe(old);
        Sample.Read(File.ReadAllBytes(program.ReportFile)).Report!.Repositories[0].VerifiedAt.ShouldBe(old);
    }

    [Fact]
    public async Task Restore_with_a_report_that_can_not_be_read_does_not_begin()
    {
        var began = false;
        using var program = new ProgramHarness { Mirror = (_, _, _) => Task.FromResult(Sample.Run()) };
        program.Mirror = (_, _, _) =>
        {
            began = true;
            return Task.FromResult(Sample.Run());
        };

        (await program.RunAsync("restore", "--previous-report", "nowhere.json")).ShouldBe(2);

        began.ShouldBeFalse();
        program.Output.ShouldContain("previous-report: ");
    }

    [Fact]
    public async Task A_run_on_actions_is_logged_in_groups_with_annotations()
    {
        using var program = new ProgramHarness { Mirror = PlayAsync }.OnActions();

        (await program.RunAsync()).ShouldBe(1);

        Snapshot.Match(program.Output, "run-on-actions");
    }

    [Theory]
    [InlineData(false, "verify-at-a-desk")]
    [InlineData(true, "verify-on-actions")]
    public async Task Verification_is_logged_with_what_differs(bool isOnActions, string snapshot)
    {
        var different = Sample.Mirrored("Website") with
        {
            Status = RepositoryStatus.Different,
            Created = false,
            Changes = [.. Sample.Mirrored("Website").Changes.Take(3)],
        };
        using var program = new ProgramHarness
        {
            Mirror = (_, observer, _) =>
            {
                observer.Selected(2, 0, null);
                observer.Finished(1, 2, Sample.Repository("docs"), []);
                observer.Finished(2, 2, different, []);
                var report = Sample.Run(Sample.Repository("docs"), different) with { Mode = "verify" };
                var totals = RunTally.Sum(report.Repositories, 2);
                return Task.FromResult(report with { Totals = totals, Result = RunTally.Evaluate(totals, 0) });
            },
        };
        _ = isOnActions ? program.OnActions() : program;

        (await program.RunAsync("verify", "--fail-on", "never")).ShouldBe(1);

        Snapshot.Match(program.Output, snapshot);
    }

    [Fact]
    public async Task A_run_at_a_desk_is_logged_in_plain_lines()
    {
        using var program = new ProgramHarness { Mirror = PlayAsync };

        (await program.RunAsync("mirror")).ShouldBe(1);

        Snapshot.Match(program.Output, "run-at-a-desk");
    }

    [Fact]
    public async Task A_run_with_debug_logging_tells_everything()
    {
        using var program = new ProgramHarness { Mirror = PlayAsync }.OnActions();
        program.Environment["RUNNER_DEBUG"] = "1";

        await program.RunAsync();

        program.Output.ShouldContain("::debug::2 requests\n");
    }

    [Fact]
    public async Task A_quiet_run_shows_only_what_is_wrong()
    {
        using var program = new ProgramHarness { Mirror = PlayAsync };

        await program.RunAsync("--log-level", "error");

        program.Output.ShouldBe(
            "error: acme/secret-plans: Bitbucket refused the push.\n       Give the token the scope write:repository:bitbucket.\n"
        );
    }

    [Fact]
    public async Task Report_summary_and_outputs_are_written()
    {
        using var program = new ProgramHarness { Mirror = PlayAsync }.OnActions();

        await program.RunAsync();

        JsonDocument.Parse(File.ReadAllText(program.ReportFile)).RootElement.GetProperty("totals").GetProperty("failed").GetInt32().ShouldBe(1);
        File.ReadAllText(program.SummaryFile).ShouldContain("### 1 repository: <code>");
        File.ReadAllText(program.OutputFile).ShouldContain("mirror-report/report.json\n");
    }

    [Fact]
    public async Task Verify_knows_what_a_mirror_knew_although_a_backup_came_between()
    {
        using var program = new ProgramHarness
        {
            Mirror = (settings, _, _) =>
                Task.FromResult(
                    Sample.Run(settings.ModeName == "verify" ? Sample.Failed("docs") : Sample.Repository("docs")) with
                    {
                        Mode = settings.ModeName,
                        Destination = settings.ReportDestination,
                    }
                ),
        }.OnActions();

        foreach (var mode in new[] { "mirror", "backup", "verify" })
        {
            await program.RunAsync(mode);
        }

        program.Previous!.Repositories.ShouldHaveSingleItem().VerifiedAt.ShouldNotBeNull();
        File.ReadAllText(program.SummaryFile).ShouldContain("| verified less than a minute ago |");
        File.ReadAllLines(Path.Combine(program.Folder, "mirror-report", "history.jsonl")).Length.ShouldBe(3);
    }

    [Theory]
    [InlineData(new[] { "plan" }, true)]
    [InlineData(new[] { "mirror" }, false)]
    [InlineData(new[] { "--mode", "plan" }, true)]
    [InlineData(new string[0], false)]
    public async Task The_command_or_the_input_names_the_mode(string[] args, bool isPlan)
    {
        bool? asked = null;
        using var program = new ProgramHarness
        {
            Mirror = (settings, _, _) =>
            {
                asked = settings.Mirror.IsPlan;
                return Task.FromResult(Sample.Run());
            },
        };

        (await program.RunAsync(args)).ShouldBe(0);

        asked.ShouldBe(isPlan);
    }

    [Fact]
    public async Task A_wrong_configuration_is_told_whole_and_nothing_runs()
    {
        using var program = ProgramHarness.Idle().OnActions();
        program.Environment["INPUT_PRUNE"] = "perhaps";
        program.Environment["INPUT_FORKS"] = "some";
        program.Environment["INPUT_FORK"] = "only";

        (await program.RunAsync()).ShouldBe(2);

        program.Output.ShouldContain("::error::prune (INPUT_PRUNE): expected true or false, not 'perhaps'.\n");
        program.Output.ShouldContain("::error::forks (INPUT_FORKS): 'some' is not known; allowed: include, exclude, only.\n");
        program.Output.ShouldContain("::error::fork (INPUT_FORK): is not an input of this version; did you mean 'forks'");
        Directory.Exists(Path.GetDirectoryName(program.ReportFile)).ShouldBeFalse();
        File.ReadAllText(program.SummaryFile).ShouldContain("\n- prune (INPUT&#95;PRUNE): expected true or false");
        File.ReadAllText(program.OutputFile).ShouldMatch("^result<<(.+)\nfailure\n\\1\n$");
    }

    [Fact]
    public async Task Masks_come_before_anything_else_and_secrets_appear_nowhere_else()
    {
        using var program = new ProgramHarness
        {
            Mirror = (_, observer, _) =>
            {
                observer.Log(new(MessageLevel.Info, "leaking ghp_source and Z2hwX3NvdXJjZQ=="));
                var failed = Sample.Failed("x", "leaking ghp_source, ATCTT3xDestination");
                observer.Finished(1, 1, failed, [new(MessageLevel.Info, "https://x:ATCTT3xDestination@host")]);
                return Task.FromResult(Sample.Run(failed));
            },
        }.OnActions();

        await program.RunAsync();

        var lines = program.Output.Split('\n');
        var masks = lines.TakeWhile(line => line.StartsWith("::add-mask::")).ToList();
        masks.ShouldContain("::add-mask::ghp_source");
        var rest =
            string.Join('\n', lines.Skip(masks.Count))
            + File.ReadAllText(program.ReportFile)
            + File.ReadAllText(program.SummaryFile)
            + File.ReadAllText(program.OutputFile);
        rest.ShouldContain("leaking ***");
        foreach (var secret in new[] { "ghp_source", "ATCTT3xDestination", "Z2hwX3NvdXJjZQ", "::add-mask::" })
        {
            rest.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task A_secret_that_is_made_during_the_run_is_masked_before_its_first_use_and_appears_nowhere_else()
    {
        using var program = new ProgramHarness
        {
            Mirror = (_, observer, _) =>
            {
                observer.AddSecret("ghs_minted");
                var failed = Sample.Failed("x", "leaking ghs_minted");
                observer.Finished(1, 1, failed, [new(MessageLevel.Info, "and ghs_minted again")]);
                return Task.FromResult(Sample.Run(failed));
            },
        }.OnActions();

        await program.RunAsync();

        program.Output.ShouldContain("::add-mask::ghs_minted\n");
        program.Output.ShouldContain("::add-mask::" + Convert.ToBase64String("x-access-token:ghs_minted"u8).TrimEnd('='));
        var rest = program.Output.Split('\n').Where(line => !line.StartsWith("::add-mask::"));
        (string.Join('\n', rest) + File.ReadAllText(program.ReportFile) + File.ReadAllText(program.SummaryFile)).ShouldNotContain("ghs_minted");
    }

    [Fact]
    public async Task An_unexpected_exception_is_one_readable_line_and_exit_code_3()
    {
        using var program = new ProgramHarness { Mirror = (_, _, _) => throw new InvalidOperationException("the disk\n::error::is full") };

        (await program.RunAsync()).ShouldBe(3);

        program.Output.ShouldContain("error: The run broke off: the disk\n");
        program.Output.ShouldContain("(InvalidOperationException)");
        program.Output.ShouldNotContain("   at ");
        program.Output.ShouldNotContain("\n::error::");
    }

    [Fact]
    public async Task An_unexpected_exception_shows_its_stack_at_debug_level()
    {
        using var program = new ProgramHarness { Mirror = (_, _, _) => throw new InvalidOperationException("x") };

        await program.RunAsync("--log-level", "debug");

        program.Output.ShouldContain("   at ");
    }

    [Fact]
    public async Task A_run_that_could_not_begin_has_a_report_and_exit_code_3()
    {
        using var program = new ProgramHarness
        {
            Mirror = (_, _, _) =>
                Task.FromResult(
                    Sample.Run() with
                    {
                        Result = RunResult.Failure,
                        Error = new(ErrorCode.SourceUnauthorized, "GitHub refused the token.", "Make a new one."),
                    }
                ),
        }.OnActions();

        (await program.RunAsync("--fail-on", "never")).ShouldBe(3);

        program.Output.ShouldContain("::error::GitHub refused the token.%0AMake a new one.\n");
        File.ReadAllText(program.SummaryFile).ShouldContain("nothing could be done");
        File.Exists(program.ReportFile).ShouldBeTrue();
    }

    [Fact]
    public async Task At_most_ten_annotations_of_a_kind_are_sent()
    {
        using var program = new ProgramHarness
        {
            Mirror = (_, observer, _) =>
            {
                var failed = Enumerable.Range(1, 30).Select(i => Sample.Failed($"bad-{i}")).ToArray();
                for (var i = 0; i < failed.Length; i++)
                {
                    observer.Finished(i + 1, failed.Length, failed[i], []);
                }

                return Task.FromResult(Sample.Run(failed));
            },
        }.OnActions();

        (await program.RunAsync()).ShouldBe(1);

        var lines = program.Output.Split('\n');
        lines.Count(line => line.StartsWith("::error")).ShouldBe(10);
        lines.ShouldContain("::error::and 21 more errors; they are in the log");
        lines.Count(line => line.Contains("acme/bad-30")).ShouldBe(2, "its line and its error are still in the log");
    }

    [Fact]
    public async Task Groups_of_repositories_that_finish_at_once_do_not_mix()
    {
        using var program = new ProgramHarness
        {
            Mirror = async (_, observer, token) =>
            {
                await Parallel.ForAsync(
                    0,
                    200,
                    token,
                    (i, _) =>
                    {
                        observer.Started($"acme/r{i}");
                        observer.Finished(
                            i + 1,
                            200,
                            Sample.Mirrored($"r{i}"),
                            [new(MessageLevel.Info, $"r{i} one"), new(MessageLevel.Info, $"r{i} two")]
                        );
                        return ValueTask.CompletedTask;
                    }
                );
                return Sample.Run();
            },
        }.OnActions();

        await program.RunAsync();

        var groups = program.Output.Split("::group::")[1..];
        groups.Length.ShouldBe(200);
        foreach (var group in groups)
        {
            var name = group.Split("acme/")[1].Split(' ')[0];
            group.ShouldContain($"\n{name} one\n{name} two\n");
            group.Split("::endgroup::").Length.ShouldBe(2);
        }
    }

    [Fact]
    public async Task Sync_tells_what_moved_and_exits_like_a_run()
    {
        using var program = new ProgramHarness { Sync = (_, _, _) => Task.FromResult(Sample.Mirrored("website")) };

        (await program.RunAsync("sync", "https://a.example/x", "https://b.example/x")).ShouldBe(0);

        Snapshot.Match(program.Output, "sync");
    }

    [Theory]
    [InlineData(ErrorCode.RefRejected, 1)]
    [InlineData(ErrorCode.SourceNotFound, 3)]
    public async Task Sync_that_failed_says_why(ErrorCode code, int exitCode)
    {
        using var program = new ProgramHarness { Sync = (_, _, _) => Task.FromResult(Sample.Failed("x", "It is not there.", "Look again.", code)) };

        (await program.RunAsync("sync", "https://a.example/x", "https://b.example/x")).ShouldBe(exitCode);

        program.Output.ShouldBe("[1/1] acme/x  failed  700 B  0.1 s\nerror: acme/x: It is not there.\n       Look again.\n");
    }

    [Fact]
    public async Task Sync_needs_no_input_of_the_action()
    {
        using var program = new ProgramHarness();
        program.Environment.Clear();

        (await program.RunAsync("sync", "http://127.0.0.1:1/a", "http://127.0.0.1:1/b")).ShouldBe(0);
        (await program.RunAsync("sync", "http://elsewhere.example/a", "http://127.0.0.1:1/b")).ShouldBe(2);
    }

    private static Task<RunReport> PlayAsync(MirrorAction.Inputs.RunSettings settings, IRunObserver observer, CancellationToken cancellationToken)
    {
        var report = Sample.Varied();
        observer.Selected(report.Repositories.Count, 3, null);
        for (var i = 0; i < report.Repositories.Count; i++)
        {
            observer.Started(report.Repositories[i].Source);
            observer.Transferred(report.Repositories[i].Source, 1000);
            observer.Finished(i + 1, report.Repositories.Count, report.Repositories[i], i == 0 ? s_log : []);
        }

        return Task.FromResult(report);
    }
}
