using System.Globalization;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Worst;

/// <summary>A repository is deleted and another takes its name: the mirror belongs to the one whose id it names.</summary>
public sealed class ReplacedRepositoryTests : IAsyncLifetime
{
    private ActionWorld _world = null!;

    private SandboxBitbucketRepository Mirror => _world.Bitbucket.Find("acme-mirror", "website").ShouldNotBeNull();

    public async ValueTask InitializeAsync() => _world = await ActionWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Another_repository_of_the_same_name_is_refused_until_it_may_take_over()
    {
        var old = Add();
        var value = old.Git.Commit("a", "1\n");
        await RunAsync(0);
        _world.GitHub.Remove(old);
        var other = Add();
        other.Git.Commit("b", "another project\n");

        var outcome = await RunAsync(1);
        ShouldBeRefused(outcome, old.Id, other.Id);
        Mirror.Git.ForEachRef().Values.ShouldBe([value]);
        _world.Report["orphans"]!.AsArray().Select(o => (string?)o).ShouldBe(["acme-mirror/website"]);

        _world.Inputs["adopt"] = "true";
        await RunAsync(0);
        RelayWorld.Mirrored(Mirror.Git).ShouldBe(RelayWorld.Mirrored(other.Git));
        Mirror.Git.ForEachRef("refs/tags/mirror-kept/").Values.ShouldBe([value]);
        Mirror.Description.ShouldBe($"Mirror of github.com/acme/website (id {other.Id})");
        _world.Report["orphans"]!.AsArray().ShouldBeEmpty();

        // From here on it is recognised.
        _world.Inputs.Remove("adopt");
        other.Git.Commit("b", "2\n");
        await RunAsync(0);
        ((string?)_world.ReportOf("acme/website")["status"]).ShouldBe("mirrored");
    }

    [Fact]
    public async Task Shared_history_does_not_make_it_the_same_repository()
    {
        var old = Add();
        var value = old.Git.Commit("a", "1\n");
        await RunAsync(0);
        _world.GitHub.Remove(old);
        var other = Add();
        other.Git.Commit("a", "1\n").ShouldBe(value);
        other.Git.Branch("old", "main");
        other.Git.Commit("a", "rewritten\n");

        var outcome = await RunAsync(1);

        ShouldBeRefused(outcome, old.Id, other.Id);
        Mirror.Git.ForEachRef().Values.ShouldBe([value]);
    }

    [Fact]
    public async Task Mirror_of_a_private_repository_stays_private_when_a_public_one_takes_the_name()
    {
        _world.Inputs["destination-visibility"] = "source";
        var old = Add();
        old.Private = true;
        old.Git.Commit("a", "secret plans\n");
        await RunAsync(0);
        _world.GitHub.Remove(old);
        Add().Git.Commit("b", "open\n");

        await RunAsync(1);

        Mirror.IsPrivate.ShouldBeTrue();
        _world.Bitbucket.Requests.ShouldAllBe(r => r.Method == "GET");
    }

    [Fact]
    public async Task Plan_refuses_it_too_and_with_adopt_changes_no_description()
    {
        var old = Add();
        old.Git.Commit("a", "1\n");
        await RunAsync(0);
        var description = Mirror.Description;
        _world.GitHub.Remove(old);
        Add().Git.Commit("b", "another project\n");
        _world.Inputs["mode"] = "plan";
        await RunAsync(1);
        ((string?)_world.ReportOf("acme/website")["error"]!["code"]).ShouldBe("not-a-mirror");

        _world.Inputs["adopt"] = "true";
        await RunAsync(0);

        _world.Bitbucket.Requests.ShouldAllBe(r => r.Method == "GET");
        Mirror.Description.ShouldBe(description);
    }

    [Fact]
    public async Task Mirror_without_refs_has_nothing_to_lose_and_is_taken_over()
    {
        var old = Add();
        await RunAsync(0);
        _world.GitHub.Remove(old);
        var other = Add();
        other.Git.Commit("b", "1\n");

        await RunAsync(0);

        RelayWorld.Mirrored(Mirror.Git).ShouldBe(RelayWorld.Mirrored(other.Git));
        Mirror.Description.ShouldBe($"Mirror of github.com/acme/website (id {other.Id})");
    }

    [Fact]
    public async Task Description_that_cannot_be_changed_is_told_and_the_refs_count()
    {
        var old = Add();
        old.Git.Commit("a", "1\n");
        await RunAsync(0);
        _world.GitHub.Remove(old);
        Add().Git.Commit("b", "another project\n");
        _world.Inputs["adopt"] = "true";
        _world.Bitbucket.Faults.Next(1, 403, """{"type":"error","error":{"message":"no admin"}}""", "application/json", r => r.Method == "PUT");

        var outcome = await RunAsync(0);

        ((bool)_world.ReportOf("acme/website")["verified"]!).ShouldBeTrue();
        outcome.Output.ShouldContain("::warning title=acme/website::The description of acme-mirror/website could not be set to");
        ((string?)_world.ReportOf("acme/website")["warnings"]![0]).ShouldNotBeNull().ShouldContain("no admin");
    }

    private SandboxGitHubRepository Add() => _world.GitHub.AddRepository("acme", "website");

    private void ShouldBeRefused(ActionOutcome outcome, long oldId, long newId)
    {
        var error = _world.ReportOf("acme/website")["error"]!;
        ((string?)error["code"]).ShouldBe("not-a-mirror");
        ((string?)error["hint"]).ShouldNotBeNull().ShouldContain("adopt: true");
        foreach (var text in new[] { (string)error["message"]!, outcome.Output, _world.Summary })
        {
            text.ShouldContain(oldId.ToString(CultureInfo.InvariantCulture));
            text.ShouldContain(newId.ToString(CultureInfo.InvariantCulture));
        }
    }

    private async Task<ActionOutcome> RunAsync(int exitCode)
    {
        var outcome = await _world.RunAsync();
        outcome.ExitCode.ShouldBe(exitCode, outcome.Text);
        return outcome;
    }
}
