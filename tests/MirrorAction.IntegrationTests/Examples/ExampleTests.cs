using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>The steps of the workflows for users, their inputs given to the program as GitHub's runner gives them.</summary>
public sealed class ExampleTests : IAsyncLifetime
{
    private const string Mode = "inputs.dry-run && 'plan' || 'mirror'";

    private static readonly WorkflowStep s_schedule = ExampleWorld.Example("schedule.yml")["mirror"];
    private static readonly WorkflowStep s_onDemand = ExampleWorld.Example("on-demand.yml")["mirror"];
    private static readonly WorkflowStep s_reusable = ExampleWorld.Example("reusable.yml")["mirror"];
    private static readonly WorkflowStep s_own = WorkflowFile.Load(".github", "workflows", "mirror-all.yml")["mirror"];

    private ExampleWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ExampleWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Schedule_mirrors_everything()
    {
        await _world.RunWellAsync(s_schedule);

        _world.ShouldMirror();
        _world.Mirrors.ShouldBe(["lib-core", "old-archive", "website"]);
        _world.Output("created").ShouldBe("3");
        _world.Summary.ShouldContain("acme/Website");
    }

    [Fact]
    public async Task Report_is_there_to_be_kept_when_the_mirror_fails()
    {
        _world.Bitbucket.PushRefusal = BitbucketTexts.WorkspaceOverQuota;

        (await _world.RunAsync(s_schedule)).ExitCode.ShouldBe(1);

        var kept = ExampleWorld.Example("schedule.yml")["Keep the report"].With["path"];
        File.Exists(Path.Combine(_world.Workspace, kept, "report.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task On_demand_writes_nothing_unless_asked_to()
    {
        await _world.RunWellAsync(s_onDemand, Form("on-demand.yml", (Mode, "plan")));

        _world.Output("repositories").ShouldBe("3");
        _world.Writes.ShouldBeEmpty();
        _world.Mirrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task On_demand_takes_the_repositories_that_the_form_names()
    {
        var run = await _world.RunWellAsync(
            s_onDemand,
            Form("on-demand.yml", (Mode, "mirror"), ("inputs.repositories", "web*"), ("inputs.log-level", "error"))
        );

        _world.Mirrors.ShouldBe(["website"]);
        run.Text.ShouldNotContain("::group::");
    }

    [Theory]
    [InlineData("false", 1)]
    [InlineData("true", 0)]
    public async Task On_demand_adopts_when_the_form_says_so(string adopt, int exitCode)
    {
        _world.Bitbucket.AddRepository("acme-mirror", "website").Git.Commit("README.md", "Pushed by hand");

        var form = Form("on-demand.yml", (Mode, "mirror"), ("inputs.repositories", "Website"), ("inputs.adopt", adopt));

        (await _world.RunAsync(s_onDemand, form)).ExitCode.ShouldBe(exitCode);
    }

    [Theory]
    [InlineData("acme/Website")]
    [InlineData("Website")]
    [InlineData("website")]
    [InlineData("acme/website")]
    public async Task Push_mirrors_only_the_repository_that_the_notification_names(string name)
    {
        await _world.RunWellAsync(s_schedule);
        foreach (var repository in _world.GitHub.Repositories)
            repository.Git.Commit("README.md", "Changed");

        await _world.RunWellAsync(ExampleWorld.Example("on-push.yml")["mirror"], ("github.event.client_payload.repository", name));

        _world.Output("mirrored").ShouldBe("1");
        _world.Touched.ShouldBe(["website"]);
        MirrorComparison
            .Compare(_world.GitHub, "acme", _world.Bitbucket, "acme-mirror")
            .Select(problem => problem.Split(':')[0])
            .Distinct()
            .ShouldBe(["acme-mirror/lib-core", "acme-mirror/old-archive"]); // Behind, until the night.
    }

    [Fact]
    public async Task Reusable_workflow_mirrors_what_its_caller_says()
    {
        await _world.RunWellAsync(s_reusable, Call((Mode, "mirror")));

        _world.Mirrors.ShouldBe(["lib-core", "website"]); // The caller leaves out *-archive.
        _world.Output("mirrored").ShouldBe("2");
        _world.Output("result").ShouldBe("success");
    }

    [Fact]
    public async Task Reusable_workflow_plans_for_a_caller_who_wants_that()
    {
        await _world.RunWellAsync(s_reusable, Call((Mode, "plan")));

        _world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Callers_step_ends_well_whatever_failed_and_its_outputs_say_what_did()
    {
        _world.Bitbucket.PushRefusal = BitbucketTexts.WorkspaceOverQuota;

        await _world.RunWellAsync(s_reusable, Call((Mode, "mirror"))); // fail-on: never

        _world.Output("result").ShouldBe("failure");
        _world.Output("failed").ShouldBe("2");
    }

    [Fact]
    public async Task Reusable_workflow_takes_the_callers_own_token_where_no_other_is_given()
    {
        await _world.RunWellAsync(
            s_reusable,
            Call((Mode, "mirror"), ("secrets.github-token || github.token", _world.GitHub.PublicToken), ("inputs.repositories", "Web*, lib-*"))
        );

        _world.Mirrors.ShouldBe(["website"]); // That token does not see the private lib-core.
    }

    [Fact]
    public async Task Workflow_of_the_readme_mirrors_everything()
    {
        await _world.RunWellAsync(DocumentedYaml.Of("README.md").Single(block => block.IsWorkflow).Read().Steps.Single(step => step.IsMirror));

        _world.ShouldMirror();
    }

    [Theory]
    [InlineData("plan", "*", 0)]
    [InlineData("mirror", "Website", 1)]
    [InlineData("mirror", "", 3)] // By the clock there is no form.
    public async Task Workflow_of_this_repository_mirrors_or_plans(string mode, string repositories, int mirrors)
    {
        await _world.RunWellAsync(s_own, (Mode, mode), ("inputs.repositories", repositories));

        _world.Mirrors.Count().ShouldBe(mirrors);
        if (mirrors == 3)
            _world.ShouldMirror();
    }

    [Fact]
    public async Task Check_up_writes_nothing_and_reads_the_other_workflows()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_world.Workspace, ".github", "workflows")).FullName;
        foreach (var name in (string[])["doctor.yml", "on-push.yml", "schedule.yml"])
            File.Copy(Checkout.PathOf("examples", name), Path.Combine(folder, name));

        var run = await _world.RunWellAsync(ExampleWorld.Example("doctor.yml").Steps.Single(step => step.IsMirror));

        run.Text.ShouldContain("no mirror yet");
        run.Text.ShouldContain("GitHub disables the schedule of schedule.yml after 60 days");
        run.Text.ShouldNotContain("doctor.yml");
        _world.Writes.ShouldBeEmpty();
        _world.Mirrors.ShouldBeEmpty();
    }

    /// <summary>The form as nobody has changed it, but for these.</summary>
    private static (string, string)[] Form(string file, params (string, string)[] changed) =>
        [.. ExampleWorld.Example(file).Form.Select(input => ($"inputs.{input.Name}", input.Default ?? "")), .. changed];

    /// <summary>What <c>reusable.yml</c> gets from <c>call-reusable.yml</c>.</summary>
    private (string, string)[] Call(params (string, string)[] changed) =>
        [
            .. Form("reusable.yml"),
            .. ExampleWorld
                .Example("call-reusable.yml")
                .Jobs.Single(job => job.Calls is not null)
                .With.Select(input => ($"inputs.{input.Key}", input.Value)),
            ("secrets.github-token || github.token", _world.GitHub.FullToken),
            ("secrets.bitbucket-token", _world.Bitbucket.Token),
            ("secrets.bitbucket-email", ""),
            .. changed,
        ];
}
