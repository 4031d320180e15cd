using System.Text;
using System.Text.RegularExpressions;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;
using MirrorAction.Setup;

namespace MirrorAction.Modes;

/// <summary>
/// Writes a workflow into the checkout that someone stands in, and says what is left to do. Asks no host, and nothing that the checkout tells.
/// </summary>
internal sealed partial class InitMode : IMode
{
    private static readonly ActionInput<string> s_action = new("action", InputKind.Text, ParseAction)
    {
        Summary = "What the workflow's step uses: this action, at a tag, branch or commit",
        Text = "What the workflow's step uses.",
        Default = MirrorWorkflow.DefaultAction,
    };

    private static readonly ActionInput<bool> s_withConfig = new("with-config", InputKind.Boolean, InputFormat.Boolean)
    {
        Summary = $"Write {MirrorConfig.File} too, for settings of single repositories",
        Text = "Whether to write a configuration file, too.",
        Default = "false",
        IsFlag = true,
    };

    private static readonly ActionInput<bool> s_force = new("force", InputKind.Boolean, InputFormat.Boolean)
    {
        Summary = "Overwrite files that are there",
        Text = "Whether to overwrite files that are there.",
        Default = "false",
        IsFlag = true,
    };

    // Both are found out or asked for here, whatever other modes say of them.
    private static readonly ActionInput<IReadOnlyList<string>?> s_owner = GitHubInputs.Owner with
    {
        Summary = "Whose repositories are mirrored; by default the owner of the checkout's repository",
        Fallback = null,
    };

    private static readonly ActionInput<string?> s_workspace = BitbucketInputs.Workspace with { Summary = "Slug of the workspace for the mirrors" };

    /// <inheritdoc/>
    public string Name => "init";

    /// <inheritdoc/>
    public ModeHelp Help { get; } =
        new()
        {
            Command = "Write a ready workflow into this checkout, and say which secrets to set",
            IsShort = true,
            Examples =
            [
                "init --bitbucket-workspace acme-mirror",
                "init --source gitlab --source-owner acme --destination gitea --destination-owner acme-mirror",
            ],
            ExitCodes = "0 done",
            NothingDone = "a file could not be written",
        };

    /// <inheritdoc/>
    public IReadOnlyList<ActionInput> Inputs =>
        [
            s_workspace,
            s_owner,
            HostRole.Source.Kind,
            HostRole.Source.Url,
            HostRole.Source.Owner,
            HostRole.Destination.Kind,
            HostRole.Destination.Url,
            HostRole.Destination.Owner,
            s_action,
            s_withConfig,
            s_force,
        ];

    /// <inheritdoc/>
    public bool IsOfAction => false;

    /// <inheritdoc/>
    public bool IsForOnce => true;

    /// <inheritdoc/>
    public ModeText TextOf(string? variant) => MirrorMode.Text;

    /// <inheritdoc/>
    public Task<int> RunAsync(ModeContext context, CancellationToken cancellationToken)
    {
        var folder = context.Surroundings.WorkingDirectory;
        var checkout = GitCheckout.Find(folder);
        var (workflow, force) = Read(context.Sources.WithoutFile, checkout);
        (string Path, string Text)[] files =
        [
            (MirrorWorkflow.File, workflow.Text),
            .. workflow.ReadsConfig ? [(MirrorConfig.File, MirrorConfig.Text)] : Array.Empty<(string, string)>(),
        ];
        var root = checkout?.Root ?? folder;
        if (!force)
        {
            RefuseExisting(root, files.Select(file => file.Path));
        }

        foreach (var (path, text) in files)
        {
            try
            {
                WholeFile.Write(Path.Combine(root, path), file => file.Write(Encoding.UTF8.GetBytes(text)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                context.Log.Write(MessageLevel.Error, "{Path} could not be written: {Reason}", path, e.Message);
                return Task.FromResult(ExitCodes.NothingDone);
            }

            context.Log.Write(MessageLevel.Info, "Wrote {Path}", path);
        }

        Advise(context.Log, workflow, checkout?.Remote, files.Select(file => file.Path));
        return Task.FromResult(ExitCodes.Success);
    }

    private static (MirrorWorkflow Workflow, bool Force) Read(CheckedInputs inputs, GitCheckout? checkout)
    {
        var (source, destination) = (inputs.Read(HostRole.Source.Kind), inputs.Read(HostRole.Destination.Kind));
        var workflow = new MirrorWorkflow(
            inputs.Read(s_action),
            ReadSide(inputs, HostRole.Source, source, hasOwnNames: true, checkout),
            ReadSide(inputs, HostRole.Destination, destination, hasOwnNames: source != destination, checkout),
            inputs.Read(s_withConfig)
        );
        inputs.Problems.ThrowIfAny(inputs.Warnings);
        return (workflow, inputs.Read(s_force));
    }

    /// <summary>One side; of the owner of the checkout the workflow itself need say nothing, because there it is the default.</summary>
    private static WorkflowSide ReadSide(CheckedInputs inputs, HostRole role, HostDefinition host, bool hasOwnNames, GitCheckout? checkout)
    {
        var url = inputs.IsGiven(role.Url) ? inputs.ReadUrl(role.Url!) : null;
        if (url is null && host.DefaultUrl is null && !inputs.IsGiven(role.Url))
        {
            inputs.Refuse(role.Url, $"required; give the base of the web pages of your {host.Name}, such as https://git.example.com.");
        }

        ActionInput? own =
            !hasOwnNames ? null
            : host == GitHubInputs.Host ? s_owner
            : host == BitbucketInputs.Host ? s_workspace
            : null;
        var owner = own is not null && !HostRole.IsByRole(inputs, role.Owner, own) ? ReadOwn(inputs, own) : ReadByRole(inputs, role, host);
        var isGitHubSource = role == HostRole.Source && host == GitHubInputs.Host;
        var owned = isGitHubSource ? checkout?.Remote?.Owner : null;
        owner ??= owned;
        if (owner is null && !inputs.IsGiven(role.Owner) && (own is null || !inputs.IsGiven(own)))
        {
            inputs.Refuse(
                own ?? role.Owner,
                isGitHubSource ? "required here, where no checkout with a remote tells it; name an organisation or user, such as acme."
                    : role == HostRole.Source ? $"required; name the {host.OwnerWord} at {host.Name} whose repositories are mirrored, such as acme."
                    : $"required; name the {host.OwnerWord} at {host.Name} that holds the mirrors, such as acme-mirror."
            );
        }

        var isDefault = owned is not null && owned.Equals(owner, StringComparison.OrdinalIgnoreCase);
        return new(role, host, isDefault ? null : owner ?? "", url, own is not null);
    }

    private static string? ReadOwn(CheckedInputs inputs, ActionInput own) =>
        !inputs.IsGiven(own) ? null
        : own == s_workspace ? inputs.Read(s_workspace)
        : inputs.Read(s_owner) is { } owners ? string.Join(", ", owners)
        : null;

    private static string? ReadByRole(CheckedInputs inputs, HostRole role, HostDefinition host)
    {
        if (!inputs.IsGiven(role.Owner) || inputs.Read(role.Owner) is not { } owners)
        {
            return null;
        }

        foreach (var owner in owners)
        {
            if (host.OwnerProblem(owner) is { } problem)
            {
                inputs.Refuse(role.Owner, $"{InputFormat.Shown(owner)} {problem}");
            }
        }

        if (owners.Count > 1 && role == HostRole.Destination)
        {
            inputs.Refuse(role.Owner, "names several owners, and the mirrors are in one; write a workflow for each.");
        }

        return string.Join(", ", owners);
    }

    private static void RefuseExisting(string root, IEnumerable<string> paths)
    {
        var problems = paths
            .Where(path => Path.Exists(Path.Combine(root, path)))
            .Select(path => new ConfigurationProblem(path, $"is there already, and nothing was written; {s_force.Option} overwrites it."))
            .ToList();
        if (problems.Count > 0)
        {
            throw new ConfigurationException(problems);
        }
    }

    private static void Advise(RunLog log, MirrorWorkflow workflow, RemoteRepository? remote, IEnumerable<string> paths)
    {
        var repository = remote is null ? "" : $" --repo {remote.ForGitHubCli}";
        Say("Set its secrets. Each command asks for the value; docs/CREDENTIALS.md says how to get the tokens:");
        foreach (var (name, text) in workflow.Secrets)
        {
            Run($"gh secret set {name}{repository}");
            Say($"      {text}");
        }

        var isGitHub = workflow.Secrets.Any(secret => secret.Name == "MIRROR_GITHUB_TOKEN");
        Say($"Check all of it, with the same values in the environment{(isGitHub ? " (GITHUB_TOKEN instead of MIRROR_GITHUB_TOKEN)" : "")}:");
        Run($"mirror-action doctor {string.Join(' ', Options(workflow, remote))}");
        Say("Then start it:");
        Run($"git add {string.Join(' ', paths)} && git commit -m 'Mirror every night' && git push");

        void Say(string line) => log.Write(MessageLevel.Info, "{Message}", line);
        void Run(string line) => log.Write(MessageLevel.Info, $"  {{{EventProperty.Command}}}", line);
    }

    private static IEnumerable<string> Options(MirrorWorkflow workflow, RemoteRepository? remote)
    {
        if (workflow.Source.Owner is null)
        {
            yield return $"{s_owner.Option} {remote!.Owner}";
        }

        foreach (var (input, value) in workflow.Source.Settings.Concat(workflow.Destination.Settings))
        {
            yield return value.Contains(' ', StringComparison.Ordinal) ? $"--{input} '{value}'" : $"--{input} {value}";
        }
    }

    private static string ParseAction(string text) =>
        ActionForm().IsMatch(text)
            ? text
            : throw new FormatException($"expected OWNER/REPOSITORY@VERSION, such as {MirrorWorkflow.DefaultAction}, not {InputFormat.Shown(text)}.");

    [GeneratedRegex(@"^[A-Za-z0-9_.-]+/[A-Za-z0-9_./-]+@[A-Za-z0-9_./-]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex ActionForm();
}
