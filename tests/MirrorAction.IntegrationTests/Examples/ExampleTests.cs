using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>The workflows of the folder <c>examples</c>, run by the events that they are for.</summary>
public sealed class ExampleTests : IAsyncLifetime
{
    private ExampleWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ExampleWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Schedule_mirrors_everything()
    {
        var run = await _world.RunWellAsync(ExampleWorld.Example("schedule.yml"), WorkflowEvent.Schedule(ExampleWorld.Repository));

        _world.ShouldMirror();
        _world.Mirrors.ShouldBe(["lib-core", "old-archive", "website"]);
        run.ConcurrencyGroup.ShouldBe("mirror");
        run["mirror"]["mirror"].Outputs["created"].ShouldBe("3");
        run["mirror"]["mirror"].Summary.ShouldContain("acme/Website");
        run["mirror"]["Keep the report"].Outcome.ShouldBe("success");
    }

    [Fact]
    public async Task Report_is_kept_when_the_mirror_fails()
    {
        _world.Bitbucket.PushRefusal = BitbucketTexts.WorkspaceOverQuota;

        var run = await _world.RunAsync(ExampleWorld.Example("schedule.yml"), WorkflowEvent.Schedule(ExampleWorld.Repository));

        run.Result.ShouldBe("failure");
        run["mirror"]["mirror"].Outcome.ShouldBe("failure");
        run["mirror"]["Keep the report"].Outcome.ShouldBe("success");
    }

    [Fact]
    public async Task On_demand_writes_nothing_unless_asked_to()
    {
        var run = await _world.RunWellAsync(ExampleWorld.Example("on-demand.yml"), WorkflowEvent.Dispatch(ExampleWorld.Repository));

        run["mirror"].Name.ShouldBe("Plan");
        run["mirror"]["mirror"].Outputs["repositories"].ShouldBe("3");
        _world.Writes.ShouldBeEmpty();
        _world.Mirrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task On_demand_takes_the_repositories_that_the_form_names()
    {
        var form = new Dictionary<string, string>
        {
            ["dry-run"] = "false",
            ["repositories"] = "web*",
            ["log-level"] = "error",
        };

        var run = await _world.RunWellAsync(ExampleWorld.Example("on-demand.yml"), WorkflowEvent.Dispatch(ExampleWorld.Repository, form));

        run["mirror"].Name.ShouldBe("Mirror");
        _world.Mirrors.ShouldBe(["website"]);
        run.Log.ShouldNotContain("::group::");
    }

    [Theory]
    [InlineData("false", "failure")]
    [InlineData("true", "success")]
    public async Task On_demand_adopts_when_the_form_says_so(string adopt, string result)
    {
        _world.Bitbucket.AddRepository("acme-mirror", "website").Git.Commit("README.md", "Pushed by hand");
        var form = new Dictionary<string, string>
        {
            ["dry-run"] = "false",
            ["repositories"] = "Website",
            ["adopt"] = adopt,
        };

        (await _world.RunAsync(ExampleWorld.Example("on-demand.yml"), WorkflowEvent.Dispatch(ExampleWorld.Repository, form))).Result.ShouldBe(result);
    }

    [Theory]
    [InlineData("dry-run", "maybe")]
    [InlineData("log-level", "loud")]
    [InlineData("other", "x")]
    public async Task On_demand_has_no_other_form(string input, string value) =>
        await Should.ThrowAsync<WorkflowException>(
            _world.RunAsync(
                ExampleWorld.Example("on-demand.yml"),
                WorkflowEvent.Dispatch(ExampleWorld.Repository, new Dictionary<string, string> { [input] = value })
            )
        );

    [Theory]
    [InlineData("push")]
    [InlineData("create")]
    [InlineData("delete")]
    public async Task Push_is_notified_and_mirrors_only_that_repository(string what)
    {
        await _world.RunWellAsync(ExampleWorld.Example("schedule.yml"), WorkflowEvent.Schedule(ExampleWorld.Repository));
        foreach (var repository in _world.GitHub.Repositories)
            repository.Git.Commit("README.md", "Changed");
        using var gh = new RecordingProgram("gh");
        _world.Workflows.Programs = gh.Folder;
        _world.Workflows.Secrets["MIRROR_NOTIFY_TOKEN"] = "github_pat_notify";

        (await _world.RunWellAsync(ExampleWorld.Example("notify-mirror.yml"), WorkflowEvent.Push("acme/Website", what)))["notify"]
            .Result.ShouldBe("success");
        gh.TokenSeen.ShouldBe("github_pat_notify");
        var notification = Dispatched(gh.Arguments);
        var run = await _world.RunWellAsync(ExampleWorld.Example("on-push.yml"), notification);

        notification.Repository.ShouldBe(ExampleWorld.Repository);
        run.ConcurrencyGroup.ShouldBe("mirror-acme/Website");
        run["mirror"]["mirror"].Outputs["mirrored"].ShouldBe("1");
        _world.Touched.ShouldBe(["website"]);
        MirrorComparison
            .Compare(_world.GitHub, "acme", _world.Bitbucket, "acme-mirror")
            .Select(problem => problem.Split(':')[0])
            .Distinct()
            .ShouldBe(["acme-mirror/lib-core", "acme-mirror/old-archive"]); // Behind, until the night.
    }

    [Fact]
    public async Task Fork_notifies_nobody()
    {
        using var gh = new RecordingProgram("gh");
        _world.Workflows.Programs = gh.Folder;

        (await _world.RunAsync(ExampleWorld.Example("notify-mirror.yml"), WorkflowEvent.Push("octocat/Website", fork: true)))["notify"]
            .Result.ShouldBe("skipped");

        gh.Arguments.ShouldBeEmpty();
    }

    [Fact]
    public async Task Notification_that_is_refused_is_seen_in_the_repository_that_sent_it()
    {
        using var gh = new RecordingProgram("gh", exitCode: 1);
        _world.Workflows.Programs = gh.Folder;

        (await _world.RunAsync(ExampleWorld.Example("notify-mirror.yml"), WorkflowEvent.Push("acme/Website"))).Result.ShouldBe("failure");
    }

    [Theory]
    [InlineData("Website")]
    [InlineData("website")]
    [InlineData("acme/website")]
    public async Task Notification_may_name_the_repository_with_or_without_its_owner(string name)
    {
        var notification = WorkflowEvent.RepositoryDispatch(ExampleWorld.Repository, "repository-pushed", new JsonObject { ["repository"] = name });

        await _world.RunWellAsync(ExampleWorld.Example("on-push.yml"), notification);

        _world.Mirrors.ShouldBe(["website"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{}""")]
    [InlineData("""{"repository":null}""")]
    [InlineData("""{"repository":""}""")]
    [InlineData("""{"repository":"  "}""")]
    [InlineData("""{"repository":"*"}""")]
    [InlineData("""{"repository":"acme/*"}""")]
    [InlineData("""{"repository":"/./"}""")]
    [InlineData("""{"repository":"acme/Website,lib-core"}""")]
    [InlineData("""{"repository":"Website\nlib-core"}""")]
    [InlineData("""{"repository":"lib-?ore"}""")]
    [InlineData("""{"repository":"acme/"}""")]
    [InlineData("""{"repository":"other/Website"}""")]
    [InlineData("""{"repository":["acme/Website"]}""")]
    [InlineData("""{"repository":{"name":"Website"}}""")]
    [InlineData("""{"repo":"acme/Website"}""")]
    public async Task Notification_that_names_no_repository_mirrors_nothing_and_fails(string? payload)
    {
        var notification = WorkflowEvent.RepositoryDispatch(
            ExampleWorld.Repository,
            "repository-pushed",
            payload is null ? null : (JsonObject)JsonNode.Parse(payload)!
        );

        var run = await _world.RunAsync(ExampleWorld.Example("on-push.yml"), notification);

        run["mirror"]["mirror"].Outcome.ShouldBe("skipped");
        run.Result.ShouldBe("failure");
        run.Log.ShouldContain("must name one repository of acme");
        _world.Bitbucket.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_type_of_notification_starts_nothing()
    {
        var notification = WorkflowEvent.RepositoryDispatch(ExampleWorld.Repository, "deployed", new JsonObject { ["repository"] = "acme/Website" });

        await Should.ThrowAsync<WorkflowException>(_world.RunAsync(ExampleWorld.Example("on-push.yml"), notification));
    }

    [Fact]
    public async Task Reusable_workflow_is_called_with_the_callers_inputs_and_secrets()
    {
        _world.Workflows.Callable["acme/workflows/.github/workflows/reusable.yml@v1"] = ExampleWorld.Example("reusable.yml");

        var run = await _world.RunWellAsync(ExampleWorld.Example("call-reusable.yml"), WorkflowEvent.Schedule("acme/elsewhere", "17 3 * * *"));

        _world.Mirrors.ShouldBe(["lib-core", "website"]); // The caller leaves out *-archive.
        run["mirror/mirror"]["mirror"].Outputs["mirrored"].ShouldBe("2");
        run["judge"].Log.ShouldContain("The mirror says success; repositories that failed: 0");
    }

    [Fact]
    public async Task Reusable_workflow_plans_for_a_caller_who_wants_that()
    {
        _world.Workflows.Callable["acme/workflows/.github/workflows/reusable.yml@v1"] = ExampleWorld.Example("reusable.yml");

        await _world.RunWellAsync(
            ExampleWorld.Example("call-reusable.yml"),
            WorkflowEvent.Dispatch("acme/elsewhere", new Dictionary<string, string> { ["dry-run"] = "true" })
        );

        _world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Callers_judgement_sees_what_failed()
    {
        _world.Workflows.Callable["acme/workflows/.github/workflows/reusable.yml@v1"] = ExampleWorld.Example("reusable.yml");
        _world.Bitbucket.PushRefusal = BitbucketTexts.WorkspaceOverQuota;

        var run = await _world.RunAsync(ExampleWorld.Example("call-reusable.yml"), WorkflowEvent.Schedule("acme/elsewhere"));

        run["mirror/mirror"].Result.ShouldBe("success"); // fail-on: never
        run["judge"].Log.ShouldContain("The mirror says failure; repositories that failed: 2");
        run["judge"].Result.ShouldBe("failure");
    }

    [Fact]
    public async Task Reusable_workflow_takes_the_callers_own_token_where_no_other_is_given()
    {
        var caller = WorkflowParser.Parse(
            "caller.yml",
            """
            on: push
            jobs:
              mirror:
                uses: ./.github/workflows/reusable.yml
                with: { bitbucket-workspace: acme-mirror, repositories: 'Web*, lib-*' }
                secrets: { bitbucket-token: '${{ secrets.MIRROR_BITBUCKET_API_TOKEN }}' }
            """
        );
        _world.Workflows.Callable["./.github/workflows/reusable.yml"] = ExampleWorld.Example("reusable.yml");

        await _world.RunWellAsync(caller, WorkflowEvent.Push("acme/elsewhere"));

        _world.Mirrors.ShouldBe(["website"]); // That token does not see the private lib-core.
    }

    /// <summary>The event that GitHub makes of <c>gh api repos/…/dispatches</c> with these arguments.</summary>
    private static WorkflowEvent Dispatched(IReadOnlyList<string> arguments)
    {
        arguments[0].ShouldBe("api");
        var path = arguments[1].Split('/');
        (path[0], path[^1]).ShouldBe(("repos", "dispatches"));
        var payload = new JsonObject();
        var type = "";
        foreach (var pair in arguments.Skip(2).Chunk(2))
        {
            pair[0].ShouldBe("--raw-field");
            var field = pair[1].Split('=', 2);
            if (field[0] == "event_type")
                type = field[1];
            else
                payload[field[0]["client_payload[".Length..^1]] = field[1];
        }

        return WorkflowEvent.RepositoryDispatch($"{path[1]}/{path[2]}", type, payload);
    }
}
