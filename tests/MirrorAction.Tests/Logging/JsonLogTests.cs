using MirrorAction.Hosts;
using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.TestKit;
using MirrorAction.Tests.Reporting;
using MirrorAction.Tests.Runner;

namespace MirrorAction.Tests.Logging;

/// <summary>The log of whole runs with <c>log-format: json</c>.</summary>
public sealed class JsonLogTests
{
    private const string Token = "ghp_Distinct1veSourceT0kenOfThisTest0000";
    private const string OddToken = "s3cr3t\"\\/of<the>%source&'end";

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Every_line_of_a_run_is_one_event_with_template_and_values(bool isOnActions, bool isTerminal)
    {
        using var program = Program(isOnActions, isTerminal);

        (await program.RunAsync()).ShouldBe(1);

        var events = JsonLine.AllOf(program.Output);
        events.SelectMany(line => line.MissingNames).ShouldBeEmpty();
        events.ShouldAllBe(line => line.Time > DateTimeOffset.UnixEpoch);
        var website = events.Single(line => line.Text("Repository") == "acme/Website" && line.Names.Contains("Status"));
        website.Template.ShouldBe("[{Done}/{Total}] {Repository}  {Status}, created  {Refs} refs  {BytesReceived:bytes}  {DurationMs:time}");
        website.Level.ShouldBeNull();
        website.Text("Status").ShouldBe("mirrored");
        website.Text("Created").ShouldBe("True");
        website.Text("Destination").ShouldBe("acme-mirror/website");
        (website.Number("Done"), website.Number("Total"), website.Number("Refs")).ShouldBe((1, 6, 3));
        (website.Number("BytesReceived"), website.Number("DurationMs")).ShouldBe((12 * 1024, 410));
        website.Text("@r").ShouldBe("[\"12 KiB\",\"0.4 s\"]");
        var error = events.Single(line => line.Level == "Error");
        error.Template.ShouldBe("{Message}\n{Hint}");
        error.Text("Repository").ShouldBe("acme/secret-plans");
        error.Text("Code").ShouldBe("destination-forbidden");
        events.Single(line => line.Level == "Warning").Text("Message").ShouldBe("the branch old was kept");
        var totals = events.Single(line => line.Text("Mode") == "mirror");
        (totals.Number("Mirrored"), totals.Number("Unchanged"), totals.Number("Failed"), totals.Number("Requests")).ShouldBe((1, 2, 1, 14));
        totals.Text("Result").ShouldBe("partial");
        events.Single(line => line.Template == "Report: {Path}").Text("Path").ShouldBe("mirror-report/report.json");
    }

    [Fact]
    public async Task Annotations_and_masks_stay_for_the_runner_and_nothing_else_does()
    {
        using var program = Program(isOnActions: true);

        await program.RunAsync();

        var commands = program.Output.Split('\n').Where(line => line.StartsWith("::", StringComparison.Ordinal)).ToList();
        commands.ShouldContain("::add-mask::ghp_source");
        commands
            .Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal))
            .ShouldBe([
                "::warning title=acme/Website::the branch old was kept",
                "::error title=acme/secret-plans::Bitbucket refused the push.%0AGive the token the scope write:repository:bitbucket.",
            ]);
    }

    [Fact]
    public async Task Terminal_shows_neither_colours_nor_a_progress_line()
    {
        using var program = Program(isTerminal: true);
        program.Environment["TERM"] = "xterm-256color";

        await program.RunAsync();

        program.Output.ShouldNotContain("\u001b");
        JsonLine.AllOf(program.Output).Count.ShouldBeGreaterThan(6);
    }

    [Fact]
    public async Task Annotations_beyond_ten_are_only_events()
    {
        var failed = Enumerable.Range(1, 30).Select(i => Sample.Failed($"bad-{i}")).ToArray();
        using var program = new ProgramHarness
        {
            Mirror = (_, observer, _) =>
            {
                for (var i = 0; i < failed.Length; i++)
                {
                    observer.Finished(i + 1, failed.Length, failed[i], []);
                }

                return Task.FromResult(Sample.Run(failed));
            },
        }.OnActions();

        await program.RunAsync("--log-format", "json");

        program.Output.Split('\n').Count(line => line.StartsWith("::error", StringComparison.Ordinal)).ShouldBe(10);
        JsonLine.AllOf(program.Output).Count(line => line.Level == "Error").ShouldBe(30);
    }

    [Theory]
    [InlineData("debug", true, true, true)]
    [InlineData("info", false, true, true)]
    [InlineData("warning", false, false, true)]
    [InlineData("error", false, false, false)]
    public async Task Level_decides_on_events_too(string level, bool hasDebug, bool hasInfo, bool hasWarning)
    {
        using var program = Program();

        await program.RunAsync("--log-level", level);

        var levels = JsonLine.AllOf(program.Output).Select(line => line.Level ?? "Information").ToHashSet();
        levels.Contains("Debug").ShouldBe(hasDebug);
        levels.Contains("Information").ShouldBe(hasInfo);
        levels.Contains("Warning").ShouldBe(hasWarning);
        levels.ShouldContain("Error");
    }

    [Theory]
    [MemberData(nameof(HostileText.All), MemberType = typeof(HostileText))]
    public async Task Hostile_text_is_no_command_and_arrives_as_it_was(string text)
    {
        using var program = new ProgramHarness
        {
            Mirror = (_, observer, _) =>
            {
                observer.Log(new(MessageLevel.Info, text));
                observer.Finished(1, 1, Sample.Failed("x", text, text), [new(MessageLevel.Warning, text)]);
                return Task.FromResult(Sample.Run());
            },
        }.OnActions();

        await program.RunAsync("--log-format", "json");

        var lines = program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldAllBe(line => line.All(c => c >= ' ' && c <= '~') || !line.StartsWith('{'));
        lines.ShouldAllBe(line => !line.Contains("##[", StringComparison.Ordinal));
        var events = JsonLine.AllOf(program.Output);
        var value = events.First(line => line.Template == "{Message}").Text("Message")!;
        var whole = text.Replace("\ud800", "\ufffd").Replace("\udc00", "\ufffd").Replace("\ufffd\ude00", "\ud83d\ude00");
        value.ShouldBe(whole.Length <= 16_000 ? whole : whole[..16_000] + " …");
    }

    [Theory]
    [InlineData(Token)]
    [InlineData(OddToken)]
    public async Task Secret_is_in_no_event_whatever_JSON_escapes_of_it(string token)
    {
        using var program = new ProgramHarness
        {
            Mirror = (_, observer, _) =>
            {
                observer.Log(new(MessageLevel.Info, $"whole: {token}"));
                observer.Log(
                    new(
                        MessageLevel.Info,
                        $"encoded: {Uri.EscapeDataString(token)} {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(token))}"
                    )
                );
                observer.Log(new(MessageLevel.Info, $"broken up: {string.Join('\n', token.Chunk(5).Select(part => new string(part)))}"));
                var failed = Sample.Failed($"x{token}", $"It said {token[..20]}", $"{token[20..]} and more") with { Changes = Change(token) };
                observer.Finished(1, 1, failed, [new(MessageLevel.Warning, $"https://x:{token}@host")]);
                throw new InvalidOperationException($"about {token}");
            },
        }.OnActions();
        program.Environment["INPUT_GITHUB-TOKEN"] = token;

        await program.RunAsync("--log-format", "json", "--log-level", "debug");

        SecretForms.Find(program.Output, token).ShouldBeNull();
        var events = JsonLine.AllOf(program.Output);
        events[0].Text("Message").ShouldBe("whole: ***");
        events.ShouldContain(line => line.Text("@x") != null && line.Text("@x")!.Contains("about ***", StringComparison.Ordinal));

        static IReadOnlyList<RefChange> Change(string token) => [new($"refs/heads/{token}", RefChangeKind.Create, null, Sample.NewId)];
    }

    [Fact]
    public async Task What_is_wrong_with_the_configuration_is_an_event_with_its_place()
    {
        using var program = new ProgramHarness();
        Directory.CreateDirectory(Path.Combine(program.Folder, ".github"));
        File.WriteAllText(Path.Combine(program.Folder, ".github", "mirror.yml"), "\nprune: perhaps\n");

        (await program.RunAsync("--log-format=json")).ShouldBe(2);

        var problem = JsonLine.AllOf(program.Output).Single(line => line.Level == "Error");
        problem.Template.ShouldBe("{Input}: {Message}");
        problem.Text("Input")!.ShouldContain("prune");
        problem.Text("File")!.ShouldEndWith("mirror.yml");
        (problem.Number("Line"), problem.Number("Column")).ShouldBe((2, 8));
    }

    [Fact]
    public async Task Findings_of_doctor_are_an_event_each_at_their_level()
    {
        Diagnostic[] findings =
        [
            new(DiagnosticLevel.Ok, "GitHub access", "It answers."),
            new(DiagnosticLevel.Warning, "GitHub requests", "Few are left.", "Wait."),
            new(DiagnosticLevel.Problem, "Bitbucket token", "It is dead.", "Make another."),
        ];
        using var program = new ProgramHarness
        {
            Mirror = (_, _, _) => Task.FromResult<RunReport>(Sample.Run() with { Mode = "doctor", Findings = findings }),
        };

        await program.RunAsync("doctor", "--log-format", "json");

        JsonLine
            .AllOf(program.Output)
            .Where(line => findings.Any(finding => finding.Check == line.Text("Check")))
            .Select(line => (line.Level, line.Text("Message"), line.Text("Hint")))
            .ShouldBe([(null, "It answers.", null), ("Warning", "Few are left.", "Wait."), ("Error", "It is dead.", "Make another.")]);
    }

    [Fact]
    public async Task Log_goes_to_standard_error_once_standard_output_is_full()
    {
        using var program = new ProgramHarness { Mirror = PlayAsync, Screen = new FullWriter() };

        (await program.RunAsync("--log-format", "json")).ShouldBe(1);

        var lines = program.Errors.Split('\n', 2);
        lines[0].ShouldContain("standard output can't be written");
        JsonLine.AllOf(lines[1]).ShouldContain(line => line.Template == "Report: {Path}");
    }

    [Fact]
    public async Task Sync_and_joined_reports_log_in_the_same_form()
    {
        using var program = new ProgramHarness { Sync = (_, _, _) => Task.FromResult(Sample.Mirrored("website")) };

        (await program.RunAsync("sync", "https://a.example/x", "https://b.example/x", "--log-format", "json")).ShouldBe(0);
        (await program.RunAsync("report", "nowhere", "--log-format", "json")).ShouldBe(3);

        var events = JsonLine.AllOf(program.Output);
        events.ShouldContain(line => line.Text("Ref") == "refs/heads/main" && line.Text("Repository") == "acme/website");
        events[^1].Number("OtherFiles").ShouldBe(0);
        events.SelectMany(line => line.MissingNames).ShouldBeEmpty();
    }

    private static ProgramHarness Program(bool isOnActions = false, bool isTerminal = false)
    {
        var program = new ProgramHarness { Mirror = PlayAsync, IsTerminal = isTerminal };
        program.Environment["INPUT_LOG-FORMAT"] = "json";

        // The usual one ends in the name of a value, which would be hidden with it.
        program.Environment["INPUT_BITBUCKET-TOKEN"] = "ATCTT3x0123456789";
        return isOnActions ? program.OnActions() : program;
    }

    private static Task<RunReport> PlayAsync(RunSettings settings, IRunObserver observer, CancellationToken cancellationToken)
    {
        RunMessage[] log =
        [
            new(MessageLevel.Debug, "2 requests"),
            new(MessageLevel.Info, "remote: ::error::from the server"),
            new(MessageLevel.Warning, "the branch old was kept"),
        ];
        var report = Sample.Varied();
        observer.Selected(report.Repositories.Count, 3, null);
        for (var i = 0; i < report.Repositories.Count; i++)
        {
            observer.Started(report.Repositories[i].Source);
            observer.Transferred(report.Repositories[i].Source, 1000);
            observer.Finished(i + 1, report.Repositories.Count, report.Repositories[i], i == 0 ? log : []);
        }

        return Task.FromResult(report);
    }

    private sealed class FullWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("No space left on device.");

        public override void Write(string? value) => throw new IOException("No space left on device.");
    }
}
