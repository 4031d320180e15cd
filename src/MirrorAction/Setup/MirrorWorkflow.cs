using MirrorAction.Hosts;
using MirrorAction.Inputs;

namespace MirrorAction.Setup;

/// <summary>A side of the mirror as a workflow names it.</summary>
/// <param name="Role">Source or destination.</param>
/// <param name="Host">The kind of host.</param>
/// <param name="Owner">Whose repositories, or where the mirrors are; null for the owner of the workflow's repository.</param>
/// <param name="Url">Where the host is; null for the kind's own address.</param>
/// <param name="HasOwnNames">Its settings have the names of the kind, not those of the role.</param>
internal sealed record WorkflowSide(HostRole Role, HostDefinition Host, string? Owner, Uri? Url = null, bool HasOwnNames = true)
{
    private bool IsSource => Role == HostRole.Source;

    private bool IsGitHub => HasOwnNames && Host == GitHubInputs.Host;

    private bool IsBitbucket => HasOwnNames && Host == BitbucketInputs.Host;

    /// <summary>The secrets that it needs, and what each is.</summary>
    public IReadOnlyList<(string Name, string Text)> Secrets =>
        (IsGitHub, IsBitbucket, IsSource) switch
        {
            (true, _, true) => [("MIRROR_GITHUB_TOKEN", "reads the repositories: Contents and Metadata: read")],
            (true, _, false) => [("MIRROR_GITHUB_TOKEN", "writes the mirrors: Administration, Contents and Workflows: write")],
            (_, true, _) =>
            [
                (
                    "MIRROR_BITBUCKET_API_TOKEN",
                    IsSource ? "reads the repositories: read for repositories" : "writes the mirrors: read, write and admin for repositories"
                ),
                ("MIRROR_BITBUCKET_EMAIL", "the account of that API token; leave it out with an access token"),
            ],
            _ =>
            [
                (
                    $"MIRROR_{Role.Name.ToUpperInvariant()}_TOKEN",
                    $"{(IsSource ? "reads the repositories at" : "creates and writes the mirrors at")} {Host.Name}; docs/hosts says with which scopes"
                ),
            ],
        };

    /// <summary>The secrets in a sentence.</summary>
    public string SecretsInWords => Secrets is [var token, _] ? $"{token.Name}, with the e-mail of its account," : Secrets[0].Name;

    /// <summary>The settings that are no secret, in the order in which they are written.</summary>
    public IReadOnlyList<(string Input, string Value)> Settings =>
        [
            .. Host.Kind == Role.Kind.Default ? [] : new[] { (Role.Name, Host.Kind) },
            .. Url is null ? [] : new[] { (Role.Url.Name, Url.AbsoluteUri.TrimEnd('/')) },
            .. Owner is null ? [] : new[] { (OwnerInput, Owner) },
        ];

    /// <summary>What stands below <c>with:</c>.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            var settings = Settings.Select(setting => $"{setting.Input}: {setting.Value}").ToList();
            string[] secrets =
                IsGitHub ? [Given("github-token", 0)]
                : IsBitbucket ? [Given("bitbucket-token", 0), Given("bitbucket-email", 1)]
                : [Given(Role.Token.Name, 0)];
            return IsGitHub && IsSource ? [.. secrets, .. settings] : [.. settings, .. secrets];
        }
    }

    private string OwnerInput =>
        IsGitHub ? GitHubInputs.Owner.Name
        : IsBitbucket ? BitbucketInputs.Workspace.Name
        : Role.Owner.Name;

    private string Given(string input, int secret) => $"{input}: ${{{{ secrets.{Secrets[secret].Name} }}}}";
}

/// <summary>The workflow that most mirrors need. README, <c>examples/schedule.yml</c> and <c>init</c> have this one.</summary>
/// <param name="Action">What its step uses, such as <c>acme/mirror-action@v1</c>.</param>
/// <param name="Source">Whose repositories are mirrored.</param>
/// <param name="Destination">Where the mirrors are.</param>
/// <param name="ReadsConfig">It reads <c>.github/mirror.yml</c>, which needs a checkout.</param>
internal sealed record MirrorWorkflow(string Action, WorkflowSide Source, WorkflowSide Destination, bool ReadsConfig = false)
{
    /// <summary>The action where nobody says which.</summary>
    public const string DefaultAction = "acme/mirror-action@v1";

    /// <summary>Where it goes in a repository.</summary>
    public const string File = ".github/workflows/mirror.yml";

    /// <summary>The workflow of the pages.</summary>
    public static MirrorWorkflow Example { get; } =
        new(
            DefaultAction,
            new(HostRole.Source, KnownHosts.DefaultSource, null),
            new(HostRole.Destination, KnownHosts.DefaultDestination, "acme-mirror")
        );

    /// <summary>The secrets that it reads, and what each is.</summary>
    public IReadOnlyList<(string Name, string Text)> Secrets => [.. Source.Secrets, .. Destination.Secrets];

    /// <summary>The file.</summary>
    public string Text =>
        $$$"""
            # Mirrors every repository of {{{Source.Owner ?? "the owner of this workflow's repository"}}} to {{{Destination.Host.Name}}}, every night.
            # Best in a private repository of the organisation used for nothing else: anyone who may write to it can use its secrets.
            # {{{Source.SecretsInWords}}} reads the repositories; {{{Destination.SecretsInWords}}} writes the mirrors.
            name: Mirror every night

            on:
              schedule:
                # UTC. An odd minute: at the top of the hour scheduled runs are delayed most, or dropped.
                - cron: '37 2 * * *'
              workflow_dispatch:

            permissions: {}

            concurrency:
              group: mirror
              # A push under way is finished, not cut off; the next run waits.
              cancel-in-progress: false

            jobs:
              mirror:
                name: Mirror
                runs-on: ubuntu-latest
                # Above the action's own limit (input timeout-minutes), so that it ends by itself and writes its report.
                timeout-minutes: 350
            {{{Steps}}}      - id: mirror
                    uses: {{{Action}}}
                    with:
            {{{With}}}
                  - name: Keep the report
                    if: always()
                    uses: actions/upload-artifact@330a01c490aca151604b8cf639adc76d48f6c5d4 # v5.0.0
                    with:
                      name: mirror-report
                      path: mirror-report/
                      if-no-files-found: ignore
                      retention-days: 30

            """;

    private string With => string.Join('\n', Source.Lines.Concat(Destination.Lines).Select(line => "          " + line));

    private string Steps =>
        ReadsConfig
            ? """
                    permissions:
                      contents: read
                    steps:
                      # For the configuration, .github/mirror.yml.
                      - uses: actions/checkout@8e8c483db84b4bee98b60c0593521ed34d9990e8 # v6.0.1
                        with:
                          persist-credentials: false

                """
            : "    steps:\n";
}

/// <summary>A configuration to begin with.</summary>
internal static class MirrorConfig
{
    /// <summary>Where it goes in a repository.</summary>
    public const string File = ".github/mirror.yml";

    /// <summary>The file.</summary>
    public const string Text = """
        # yaml-language-server: $schema=https://raw.githubusercontent.com/acme/mirror-action/main/docs/mirror.schema.json
        # What the mirror does beside its defaults; what the workflow gives wins. docs/CONFIGURATION.md tells all settings.
        # Tokens never belong here.

        # Which repositories.
        repositories: '*'
        #exclude: '*-archive'

        # How long old values of rewritten and deleted branches and tags are kept.
        keep-days: 90

        # What is different for single repositories; the first rule that matches a name counts.
        #rules:
        #  - match: website
        #    slug: website-mirror

        """;
}
