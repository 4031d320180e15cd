namespace MirrorAction.Setup;

/// <summary>The workflow that most mirrors need. README, <c>examples/schedule.yml</c> and <c>init</c> have this one.</summary>
/// <param name="Action">What its step uses, such as <c>acme/mirror-action@v1</c>.</param>
/// <param name="Workspace">The workspace that holds the mirrors.</param>
/// <param name="Owner">Whose repositories are mirrored; null for the owner of the workflow's repository.</param>
/// <param name="ReadsConfig">It reads <c>.github/mirror.yml</c>, which needs a checkout.</param>
internal sealed record MirrorWorkflow(string Action, string Workspace, string? Owner = null, bool ReadsConfig = false)
{
    /// <summary>The action where nobody says which.</summary>
    public const string DefaultAction = "acme/mirror-action@v1";

    /// <summary>Where it goes in a repository.</summary>
    public const string File = ".github/workflows/mirror.yml";

    /// <summary>The workflow of the pages.</summary>
    public static MirrorWorkflow Example { get; } = new(DefaultAction, "acme-mirror");

    /// <summary>The secrets that it reads, and what each is.</summary>
    public static IReadOnlyList<(string Name, string Text)> Secrets { get; } =
    [
        ("MIRROR_GITHUB_TOKEN", "reads the repositories: Contents and Metadata: read"),
        ("MIRROR_BITBUCKET_API_TOKEN", "writes the mirrors: read, write and admin for repositories"),
        ("MIRROR_BITBUCKET_EMAIL", "the account of that API token; leave it out with an access token"),
    ];

    /// <summary>The file.</summary>
    public string Text =>
        $$$"""
            # Mirrors every repository of {{{Owner ?? "the owner of this workflow's repository"}}} to Bitbucket, every night.
            # Best in a private repository of the organisation that serves nothing else: who may write to it can use its secrets.
            # MIRROR_GITHUB_TOKEN reads the repositories; MIRROR_BITBUCKET_API_TOKEN, with the e-mail of its account, writes the mirrors.
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
                      github-token: ${{ secrets.MIRROR_GITHUB_TOKEN }}
            {{{OwnerLine}}}          bitbucket-workspace: {{{Workspace}}}
                      bitbucket-token: ${{ secrets.MIRROR_BITBUCKET_API_TOKEN }}
                      bitbucket-email: ${{ secrets.MIRROR_BITBUCKET_EMAIL }}
                  - name: Keep the report
                    if: always()
                    uses: actions/upload-artifact@330a01c490aca151604b8cf639adc76d48f6c5d4 # v5.0.0
                    with:
                      name: mirror-report
                      path: mirror-report/
                      if-no-files-found: ignore
                      retention-days: 30

            """;

    private string OwnerLine => Owner is null ? "" : $"          github-owner: {Owner}\n";

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
