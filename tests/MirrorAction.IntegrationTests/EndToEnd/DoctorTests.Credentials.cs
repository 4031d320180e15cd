using System.Security.Cryptography;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>What doctor says of credentials that mint their own tokens.</summary>
public sealed partial class DoctorTests
{
    private readonly RSA _key = RSA.Create(2048);

    [Fact]
    public async Task App_is_looked_at_for_each_owner()
    {
        var app = UseApp();
        _world.GitHub.AddRepository("acme-labs", "lab").Private = true;
        _world.GitHub.AddRepository("acme-docs", "manual");
        _world.GitHub.AddAccount("acme-shut");
        _world.Inputs["github-owner"] = "acme, acme-labs, acme-docs, acme-shut, acme-none";
        _world.GitHub.AddAccount("acme-none");
        _world.GitHub.Apps.Install(app, "acme");
        _world.GitHub.Apps.Install(app, "acme-labs", ["lab"]);
        _world.GitHub.Apps.Install(app, "acme-docs", permissions: new Dictionary<string, string> { ["metadata"] = "read" });
        _world.GitHub.Apps.Install(app, "acme-shut").IsSuspended = true;

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        ShouldFind("GitHub App", "ok", "The App acme-mirror-app (42) is installed on acme for all repositories and may read their contents.");
        ShouldFind(
            "GitHub App",
            "ok",
            "The App acme-mirror-app (42) is installed on acme-labs for selected repositories and may read their contents."
        );
        ShouldFind(
            "GitHub installation",
            "warning",
            "is installed on acme-labs for selected repositories only: other private ones, and all new ones, are not mirrored."
        );
        ShouldFind("GitHub permissions", "problem", "The App acme-mirror-app (42) lacks the permission Contents: read on acme-docs");
        Found("GitHub requests").Select(f => f.Split(' ')[1]).ShouldBe(["acme:", "acme-labs:", "acme-docs:"]);
        ShouldFind("GitHub owner", "problem", "The GitHub App acme-mirror-app (42) is not installed on acme-none.");
        ShouldFind("GitHub owner", "problem", "This installation has been suspended");
        Found("GitHub owner").Count.ShouldBe(5);
        ShouldFind("Bitbucket workspace", "ok", "acme-mirror exists");
        ShouldHaveWrittenNothing();
    }

    [Fact]
    public async Task App_with_a_wrong_key_is_a_problem_with_its_cure()
    {
        UseApp();
        using var other = RSA.Create(2048);
        _world.Inputs["github-app-private-key"] = other.ExportRSAPrivateKeyPem();

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        ShouldFind("GitHub App", "problem", "could not be decoded");
        ShouldFind("Bitbucket workspace", "ok", "acme-mirror exists");
    }

    [Theory]
    [InlineData(
        "repository repository:write repository:admin",
        "ok",
        "The token has repository, repository:write, repository:admin.",
        "Account: read, which is not needed",
        0
    )]
    [InlineData(
        "account repository repository:write repository:admin",
        "ok",
        "The token has account",
        "acts as the consumer's owner, consumer-owner.",
        0
    )]
    [InlineData(
        "repository repository:write",
        "problem",
        "The token lacks repository:admin; it has repository, repository:write.",
        "Account: read, which is not needed",
        1
    )]
    public async Task Consumer_is_told_with_its_permissions(string scopes, string level, string message, string owner, int exitCode)
    {
        UseConsumer();
        _world.Bitbucket.OAuthScopes = scopes.Split(' ');

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(exitCode, outcome.Text);
        ShouldFind("Bitbucket scopes", level, message);
        ShouldFind("Bitbucket token", "ok", owner);
        if (exitCode != 0)
            outcome.Text.ShouldContain("The OAuth consumer lacks a permission: set it in Bitbucket under Workspace settings");
    }

    [Fact]
    public async Task Branch_restrictions_can_let_a_consumer_s_owner_through()
    {
        UseConsumer();
        Mirror("api").RestrictedBranches.Add("main");

        (await _world.RunAsync()).ExitCode.ShouldBe(0);

        ShouldFind("Bitbucket branch restrictions", "warning", "acme-mirror/api (push on main)");
    }

    [Fact]
    public async Task Consumer_that_is_refused_is_a_problem_with_its_cure()
    {
        UseConsumer();
        _world.Inputs["bitbucket-oauth-secret"] = "somethingElse4711";

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        Found("Bitbucket token").ShouldHaveSingleItem().ShouldStartWith("problem: ");
        outcome.Text.ShouldContain("bitbucket-oauth-key or bitbucket-oauth-secret is wrong");
        ShouldFind("GitHub owner", "ok", "acme: 3 repositories");
        SecretForms.Find(outcome.Text, "somethingElse4711").ShouldBeNull();
    }

    private SandboxGitHubApp UseApp()
    {
        _world.Inputs.Remove("github-token");
        _world.Inputs["github-app-id"] = "42";
        _world.Inputs["github-app-private-key"] = _key.ExportRSAPrivateKeyPem();
        return _world.GitHub.Apps.Add(42, _key);
    }

    private void UseConsumer()
    {
        _world.Inputs.Remove("bitbucket-token");
        _world.Inputs["bitbucket-oauth-key"] = "consumerKey0815";
        _world.Inputs["bitbucket-oauth-secret"] = "consumerSecret4711";
        _world.Bitbucket.AddConsumer("consumerKey0815", "consumerSecret4711");
    }
}
