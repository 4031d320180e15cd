using System.Security.Cryptography;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>Every kind of credential, in the real program; above all those that die before the run ends.</summary>
public sealed class CredentialTests : IAsyncLifetime
{
    private readonly RSA _key = RSA.Create(2048);
    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ActionWorld.StartAsync();
        _world.Inputs["log-level"] = "debug";
        _world.Inputs["max-attempts"] = "1"; // A new token costs none of them.
    }

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await _world.DisposeAsync();
    }

    private SandboxGitHubApp UseApp()
    {
        _world.Inputs.Remove("github-token");
        _world.Inputs["github-app-id"] = "42";
        _world.Inputs["github-app-private-key"] = _key.ExportRSAPrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal);
        return _world.GitHub.Apps.Add(42, _key);
    }

    private void UseConsumer()
    {
        _world.Inputs.Remove("bitbucket-token");
        _world.Inputs["bitbucket-oauth-key"] = "consumerKey0815";
        _world.Inputs["bitbucket-oauth-secret"] = "consumerSecret4711";
        _world.Bitbucket.AddConsumer("consumerKey0815", "consumerSecret4711");
    }

    private void AddPrivate(string owner, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var repository = _world.GitHub.AddRepository(owner, $"{owner}-{i}");
            repository.Private = true;
            repository.Git.Commit("README.md", $"{owner} {i}\n");
        }
    }

    private void ShouldHideMinted(ActionOutcome outcome)
    {
        string[] secrets = [.. _world.GitHub.Apps.Minted.Select(token => token.Value), .. _world.Bitbucket.Minted, .. SentAsBearer()];
        SecretForms.Find(outcome.Text, secrets).ShouldBeNull();
        SecretForms.Find(_world.Summary + _world.Outputs + _world.Report.ToJsonString(), secrets).ShouldBeNull();
        foreach (var secret in secrets.Distinct())
        {
            outcome.Output.ShouldContain($"::add-mask::{secret}\n");
        }

        var keyLines = _key.ExportRSAPrivateKeyPem().Split('\n')[1..^1];
        var visible = string.Join('\n', outcome.Text.Split('\n').Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal)));
        keyLines.ShouldAllBe(line => !visible.Contains(line, StringComparison.Ordinal));
    }

    // The JWTs too, which only the host has seen.
    private IEnumerable<string> SentAsBearer() =>
        from request in _world.GitHub.RestRequests.Concat(_world.Bitbucket.RestRequests)
        let header = request.Headers.GetValueOrDefault("Authorization")
        where header?.StartsWith("Bearer ", StringComparison.Ordinal) == true
        select header["Bearer ".Length..];

    [Fact]
    public async Task App_mirrors_the_private_repositories_of_two_organisations_by_two_installations()
    {
        var app = UseApp();
        AddPrivate("acme", 3);
        AddPrivate("globex", 2);
        _world.GitHub.Apps.Install(app, "acme");
        _world.GitHub.Apps.Install(app, "globex");
        _world.Inputs["github-owner"] = "acme, globex";

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        ((int)_world.Report["totals"]!["mirrored"]!).ShouldBe(5);
        _world.GitHub.Apps.Minted.Select(token => token.Installation!.Owner).Order().ShouldBe(["acme", "globex"]);
        _world.GitHub.WriteAttempts.ShouldBeEmpty();
        ShouldHideMinted(outcome);
    }

    [Fact]
    public async Task OAuth_consumer_mirrors()
    {
        UseConsumer();
        AddPrivate("acme", 3);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        ((int)_world.Report["totals"]!["created"]!).ShouldBe(3);
        _world.Bitbucket.Minted.Count.ShouldBe(1);
        _world.Bitbucket.GitRequests.ShouldAllBe(request => request.Login!.User == "x-token-auth");
        ShouldHideMinted(outcome);
    }

    [Theory]
    [InlineData("source, git")]
    [InlineData("destination, git")]
    [InlineData("destination, push")]
    [InlineData("destination, REST")]
    public async Task Token_that_dies_in_the_middle_of_the_run_is_renewed_and_all_is_mirrored(string where)
    {
        _world.GitHub.Apps.Install(UseApp(), "acme");
        UseConsumer();
        AddPrivate("acme", 4);
        var seen = 0;
        Interception RevokeBefore(Func<Microsoft.AspNetCore.Http.HttpRequest, bool> which, Action revoke) =>
            Interceptions.On(
                which,
                (_, next) =>
                {
                    if (Interlocked.Increment(ref seen) == 2)
                    {
                        revoke();
                    }

                    return next();
                }
            );
        if (where == "source, git")
        {
            _world.GitHub.Intercept = RevokeBefore(Interceptions.IsUploadPackPost, () => _world.GitHub.Revoke(_world.GitHub.Apps.Minted[0].Value));
        }
        else
        {
            _world.Bitbucket.Intercept = RevokeBefore(
                request =>
                    where switch
                    {
                        "destination, git" => Interceptions.IsAdvertisement(request),
                        "destination, push" => Interceptions.IsPushPost(request),
                        _ => request.Method == "POST" && request.Path.Value!.StartsWith("/2.0/repositories/", StringComparison.Ordinal),
                    },
                () => _world.Bitbucket.Revoke(_world.Bitbucket.Minted[0])
            );
        }

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        ((int)_world.Report["totals"]!["mirrored"]!).ShouldBe(4, outcome.Text);
        (where == "source, git" ? _world.GitHub.Apps.Minted.Count : _world.Bitbucket.Minted.Count).ShouldBe(2);
        MirrorComparison.Compare(_world.GitHub, "acme", _world.Bitbucket, "acme-mirror").ShouldBeEmpty();
        ShouldHideMinted(outcome);
    }

    [Fact]
    public async Task Run_outlives_many_short_tokens_of_both_hosts()
    {
        _world.GitHub.Apps.Install(UseApp(), "acme");
        UseConsumer();
        _world.GitHub.Apps.TokenLifetime = TimeSpan.FromSeconds(2);
        _world.Bitbucket.OAuthLifetime = 2;
        _world.Inputs["concurrency"] = "1";
        _world.Inputs["create-interval"] = "700ms";
        AddPrivate("acme", 5);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        ((int)_world.Report["totals"]!["mirrored"]!).ShouldBe(5);
        _world.Bitbucket.Minted.Count.ShouldBeGreaterThan(1);
        ShouldHideMinted(outcome);
    }

    [Fact]
    public async Task Dead_personal_token_ends_the_run_with_the_cure()
    {
        AddPrivate("acme", 1);
        _world.GitHub.Revoke(_world.GitHub.FullToken);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(3, outcome.Text);
        outcome.Output.ShouldContain("wrong, expired or revoked");
        outcome.Output.ShouldContain("Contents: read and Metadata: read");
        ((string?)_world.Report["error"]!["code"]).ShouldBe("source-unauthorized");
    }

    [Fact]
    public async Task App_that_is_not_installed_ends_the_run_with_the_place_to_install_it()
    {
        UseApp();
        AddPrivate("acme", 1);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(3, outcome.Text);
        outcome.Output.ShouldContain("The GitHub App acme-mirror-app (42) is not installed on acme.");
        outcome.Output.ShouldContain("acme-mirror-app/installations/new");
    }

    [Fact]
    public async Task App_that_is_installed_on_one_owner_of_three_names_the_other_two()
    {
        var app = UseApp();
        AddPrivate("acme", 1);
        AddPrivate("globex", 1);
        AddPrivate("acme-labs", 1);
        _world.GitHub.Apps.Install(app, "globex");
        _world.Inputs["github-owner"] = "acme, Globex, acme-labs";

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(3, outcome.Text);
        ((string?)_world.Report["error"]!["message"]).ShouldBe(
            "The GitHub App acme-mirror-app (42) is not installed on acme. The GitHub App acme-mirror-app (42) is not installed on acme-labs."
        );
        _world.Bitbucket.Repositories.ShouldBeEmpty();
    }

    /// <summary>What a thousand repositories do when an App is removed in the middle of a run.</summary>
    [Fact]
    public async Task App_that_is_removed_in_the_middle_of_the_run_is_not_asked_for_by_each_repository()
    {
        _world.GitHub.Apps.Install(UseApp(), "acme");
        AddPrivate("acme", 6);
        _world.Inputs["concurrency"] = "1";
        var isRemoved = false;
        var asked = 0;
        _world.GitHub.Intercept = (context, next) =>
        {
            isRemoved |= context.Request.IsUploadPackPost();
            if (!isRemoved)
            {
                return next();
            }

            asked += context.Request.Path.Value!.EndsWith("/access_tokens", StringComparison.Ordinal) ? 1 : 0;
            return Interceptions.Answer(401, """{"message":"Bad credentials"}""", "application/json")(context, next);
        };

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        ((int)_world.Report["totals"]!["failed"]!).ShouldBe(6);
        asked.ShouldBe(1);
        ShouldHideMinted(outcome);
    }

    [Fact]
    public async Task Consumer_that_is_wrong_ends_the_run_with_its_setting()
    {
        UseConsumer();
        _world.Inputs["bitbucket-oauth-secret"] = "somethingElse4711";
        AddPrivate("acme", 1);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(3, outcome.Text);
        outcome.Output.ShouldContain("private consumer");
        ((string?)_world.Report["error"]!["code"]).ShouldBe("destination-unauthorized");
        SecretForms.Find(outcome.Text, "somethingElse4711").ShouldBeNull();
    }

    [Fact]
    public async Task Token_without_the_scope_for_creating_names_the_token_to_create()
    {
        _world.Bitbucket.Add(
            BitbucketCredential
                .ApiToken("mirror@acme.example", "ATATT3xNoAdmin0000")
                .WithScopes("read:repository:bitbucket", "write:repository:bitbucket")
        );
        _world.Inputs["bitbucket-token"] = "ATATT3xNoAdmin0000";
        _world.Inputs["bitbucket-email"] = "mirror@acme.example";
        AddPrivate("acme", 1);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        var hint = (string)_world.ReportOf("acme/acme-0")["error"]!["hint"]!;
        hint.ShouldContain("create an API token with scopes (Atlassian account settings > Security");
        hint.ShouldEndWith("This call needs: admin:repository:bitbucket.");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("mirror@acme.example")]
    public async Task App_password_is_warned_of_and_its_refusal_has_the_cure(string? email)
    {
        _world.Bitbucket.Add(BitbucketCredential.AppPassword("mirror-bot", "ATBBsandboxPassword"));
        _world.Inputs["bitbucket-token"] = "ATBBsandboxPassword";
        _world.Inputs["bitbucket-email"] = email ?? "";
        AddPrivate("acme", 1);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(3, outcome.Text);
        outcome.Output.ShouldContain("::warning::bitbucket-token (INPUT_BITBUCKET-TOKEN) looks like an app password");
        ((string)_world.Report["error"]!["hint"]!).ShouldContain("create an API token with scopes");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Actions_own_token_is_said_to_see_public_repositories_only(bool isOrganization)
    {
        _world.GitHub.AddAccount("joe", organization: false);
        var owner = isOrganization ? "acme" : "joe";
        AddPrivate(owner, 1);
        _world.Inputs["github-owner"] = owner;
        _world.Inputs["github-token"] = _world.GitHub.PublicToken;

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(3, outcome.Text);
        outcome.Output.Split('\n').ShouldContain(line => line.StartsWith("::warning", StringComparison.Ordinal) && line.Contains("GITHUB_TOKEN"));
        ((string)_world.Report["error"]!["hint"]!).ShouldContain("GITHUB_TOKEN sees public repositories only");
    }
}
