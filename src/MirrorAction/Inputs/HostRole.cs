using MirrorAction.Hosts;

namespace MirrorAction.Inputs;

/// <summary>One side of a run as the inputs say: which host, whose repositories, and by what credential.</summary>
/// <param name="Host">The kind of host.</param>
/// <param name="Settings">Where it is and by which credential it is asked.</param>
/// <param name="Owners">Whose repositories, one at least; one alone where they are written.</param>
internal sealed record HostSide(HostDefinition Host, HostSettings Settings, IReadOnlyList<string> Owners)
{
    /// <summary>The only owner, or the first.</summary>
    public string Owner => Owners is [var owner, ..] ? owner : "";
}

/// <summary>
/// A side of the mirror, and the inputs that say where it is, whatever kind of host is there. The usual pair has names of its own for the same
/// settings (<see cref="IOwnInputs"/>); a setting has one value, so it may be given by one of its names only.
/// </summary>
internal sealed class HostRole
{
    private const string Group = "Hosts";

    private HostRole(string name, HostDefinition usual, string purpose)
    {
        Name = name;
        Kind = ActionInput.Choice(
            name,
            $"Kind of the host {purpose}: {string.Join(", ", KnownHosts.All.Select(host => $"`{host.Kind}`"))}.",
            [.. KnownHosts.All.Select(host => (host.Kind, host))],
            usual.Kind
        ) with
        {
            Group = Group,
            Summary = $"Kind of the host {purpose}",
        };
        Token = ActionInput.Credential(
            $"{name}-token",
            $"Token for the host {purpose}. For the usual pair it is the same setting as `github-token` or `bitbucket-token`. Environment: "
                + $"`MIRROR_{name.ToUpperInvariant()}_TOKEN`."
        ) with
        {
            Group = Group,
            Summary = $"Token for the host {purpose}",
            Fallback = $"MIRROR_{name.ToUpperInvariant()}_TOKEN",
        };
        Url = new($"{name}-url", InputKind.Text, text => InputFormat.Url(text, Token.Name))
        {
            Group = Group,
            Summary = $"Base of the web pages of the host {purpose}",
            Text = $"Base of the web pages of the host {purpose}; the addresses of its REST interface and of git follow from it.",
            DefaultText = "the kind's own, such as `https://gitlab.com`",
            Pattern = "^https?://",
        };
        Owner = new($"{name}-owner", InputKind.List, text => InputFormat.List(text))
        {
            Group = Group,
            Summary = $"Organisation, group, workspace, project or user at the host {purpose}",
            Text =
                $"Organisation, group, workspace, project or user at the host {purpose}"
                + $"{(name == "source" ? "; several are separated by comma or newline" : "")}.",
        };
        Username = new($"{name}-username", InputKind.Text, ParseUsername)
        {
            Group = Group,
            Summary = $"User that git takes the token with at the host {purpose}",
            Text =
                $"User that git takes the token with at the host {purpose}, where the kind's own rule does not fit. Environment: "
                + $"`MIRROR_{name.ToUpperInvariant()}_USERNAME`.",
            Fallback = $"MIRROR_{name.ToUpperInvariant()}_USERNAME",
        };
    }

    /// <summary>Where the repositories live.</summary>
    public static HostRole Source { get; } = new("source", KnownHosts.DefaultSource, "whose repositories are mirrored");

    /// <summary>Where the mirrors are.</summary>
    public static HostRole Destination { get; } = new("destination", KnownHosts.DefaultDestination, "that holds the mirrors");

    /// <summary>Whether a mirror follows the visibility of its source.</summary>
    public static ActionInput<bool> Visibility { get; } =
        ActionInput.Choice(
            "destination-visibility",
            "Visibility of the mirrors: `private`, or `source` for the same as at the source. In `restore`, that of the new repositories: "
                + "`private`, or `source` for the same as that of the mirrors.",
            [("private", false), ("source", true)],
            "private"
        ) with
        {
            Group = Group,
            Summary = "Visibility of the mirrors; in restore, source is that of the mirror",
        };

    /// <summary>The inputs of both, in the order of the help.</summary>
    public static IReadOnlyList<ActionInput> All { get; } = [.. Source.Inputs, .. Destination.Inputs, Visibility];

    /// <summary><c>source</c> or <c>destination</c>.</summary>
    public string Name { get; }

    public ActionInput<HostDefinition> Kind { get; }

    public ActionInput<Uri?> Url { get; }

    public ActionInput<IReadOnlyList<string>> Owner { get; }

    public ActionInput<Secret?> Token { get; }

    public ActionInput<string?> Username { get; }

    private IReadOnlyList<ActionInput> Inputs => [Kind, Url, Owner, Token, Username];

    /// <summary>The side as the inputs say.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="isWritten">Repositories are created and pushed to: one owner, and nothing without a credential.</param>
    /// <param name="isTrial">It only looks as if: a credential is of use, but none is required.</param>
    public HostSide Read(CheckedInputs inputs, bool isWritten, bool isTrial = false)
    {
        var host = inputs.Read(Kind);
        var own = OwnOf(inputs, host);
        var settings = own?.Read(this, inputs, host, isWritten && !isTrial) ?? ReadByRole(inputs, host, isWritten && !isTrial);
        return new(host, settings with { Writes = isWritten }, ReadOwners(inputs, host, own, isWritten));
    }

    /// <summary>
    /// Whether the value of a setting is given by its name for this role; else it is read by its own name. Both at once is a problem, but for what
    /// the runner gives by itself.
    /// </summary>
    public static bool IsByRole(CheckedInputs inputs, ActionInput byRole, ActionInput own)
    {
        if (!inputs.IsGiven(byRole))
        {
            return false;
        }

        if (inputs.Value(own) is { IsGiven: true, IsAmbient: false })
        {
            inputs.Refuse(byRole, $"is given as well as {inputs.Label(own)}, which is the same setting; give one of them.");
        }

        return true;
    }

    /// <summary>The base of web pages, and that of the REST interface that follows from it.</summary>
    public (Uri Web, Uri Api) ReadUrls(CheckedInputs inputs, HostDefinition host)
    {
        var web = inputs.IsGiven(Url) ? inputs.ReadUrl(Url!) : host.DefaultUrl;
        if (web is null)
        {
            if (!inputs.IsGiven(Url))
            {
                inputs.Refuse(Url, $"required; give the base of the web pages of your {host.Name}, such as https://git.example.com.");
            }

            web = new("https://localhost");
        }

        return (web, host.ApiUrlOf(web));
    }

    /// <summary>
    /// The inputs that the kind of host has of its own, if they are of this side. Where both sides are of one kind, they are the source's.
    /// </summary>
    private IOwnInputs? OwnOf(CheckedInputs inputs, HostDefinition host) =>
        this == Destination && inputs.Read(Source.Kind) == host ? null : IOwnInputs.Of(host);

    private IReadOnlyList<string> ReadOwners(CheckedInputs inputs, HostDefinition host, IOwnInputs? own, bool isWritten)
    {
        ActionInput input = own is null || IsByRole(inputs, Owner, own.Owner) ? Owner : own.Owner;
        var owners = input == Owner ? ReadByRole(inputs, host) : own!.ReadOwners(inputs);
        var takesSeveral = this == Source && !isWritten;
        if (owners.Count > 1 && !takesSeveral)
        {
            inputs.Refuse(
                input,
                this == Source
                    ? "names several owners, and restore brings the repositories into one; name "
                        + "it, and choose among the mirrors with repositories, such as 'acme/*'."
                    : "names several owners, and the mirrors are in one; run one job for each."
            );
        }

        return owners;
    }

    private IReadOnlyList<string> ReadByRole(CheckedInputs inputs, HostDefinition host)
    {
        var owners = inputs.IsGiven(Owner) ? inputs.Read(Owner) ?? [] : [];
        if (owners.Count == 0)
        {
            inputs.Refuse(Owner, $"required; name the {host.OwnerWord} at {host.Name}, such as acme.");
        }

        foreach (var owner in owners)
        {
            if (host.OwnerProblem(owner) is { } problem)
            {
                inputs.Refuse(Owner, $"{InputFormat.Shown(owner)} {problem}");
            }
        }

        return [.. owners.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private HostSettings ReadByRole(CheckedInputs inputs, HostDefinition host, bool needsToken)
    {
        var (web, api) = ReadUrls(inputs, host);
        return new()
        {
            WebUrl = web,
            ApiUrl = api,
            Token = ReadToken(inputs, host, needsToken),
            Username = inputs.Read(Username),
            Credential = inputs.IsGiven(Token) ? $"a token ({Token.Name})" : $"nobody in particular (no {Token.Name})",
        };
    }

    private string? ReadToken(CheckedInputs inputs, HostDefinition host, bool needsToken)
    {
        var token = inputs.Read(Token);
        if (!inputs.IsGiven(Token))
        {
            if (needsToken)
            {
                inputs.Refuse(Token, $"required; give a token that may create repositories at {host.Name} and write to them.");
            }
            else
            {
                inputs.Warnings.Add($"{Token.Name} is not given: only public repositories are visible.");
            }
        }

        if (token is not null)
        {
            TokenOrigin.RefuseForeign(inputs, Token, token, host);
        }

        return token?.Reveal();
    }

    private static string ParseUsername(string text) =>
        text.Any(c => c == ':' || char.IsWhiteSpace(c) || char.IsControl(c))
            ? throw new FormatException($"{InputFormat.Shown(text)} can't be a user name for git: neither ':' nor a space may be in it.")
            : text;
}

/// <summary>Inputs that a kind of host has by names of its own.</summary>
internal interface IOwnInputs
{
    /// <summary>The name of the setting that <see cref="HostRole.Owner"/> is.</summary>
    ActionInput Owner { get; }

    /// <summary>The owners by that name.</summary>
    IReadOnlyList<string> ReadOwners(CheckedInputs inputs);

    /// <summary>How the host is reached, by these names and by those of the role.</summary>
    HostSettings Read(HostRole role, CheckedInputs inputs, HostDefinition host, bool needsToken);

    /// <summary>All of them.</summary>
    IReadOnlyList<ActionInput> Inputs { get; }

    /// <summary>Those of hosts that are on neither side, as someone gave them: they change nothing.</summary>
    static IEnumerable<ActionInput> Idle(CheckedInputs inputs, IReadOnlyCollection<HostDefinition> hosts) =>
        All.Where(own => !hosts.Contains(own.Host))
            .SelectMany(own => own.Inputs.Inputs)
            .Where(input => inputs.Value(input) is { IsGiven: true, IsAmbient: false, FromFile: null });

    /// <summary>Those of a kind of host; null where it has none.</summary>
    static IOwnInputs? Of(HostDefinition host) => All.FirstOrDefault(own => own.Host == host).Inputs;

    /// <summary>Those of all hosts, in the order of the help.</summary>
    static IEnumerable<ActionInput> OfHosts => All.SelectMany(own => own.Inputs.Inputs);

    /// <summary>A kind of host with inputs of its own is a class and a line here.</summary>
    private static IReadOnlyList<(HostDefinition Host, IOwnInputs Inputs)> All { get; } =
    [(GitHubInputs.Host, new GitHubInputs()), (BitbucketInputs.Host, new BitbucketInputs())];
}
