using System.Security.Cryptography;
using MirrorAction.Hosts;
using MirrorAction.Hosts.GitHub;

namespace MirrorAction.Inputs;

/// <summary>The inputs that say how GitHub is reached, and who is meant there.</summary>
internal sealed class GitHubInputs : IOwnInputs
{
    private const string Group = "GitHub";

    /// <summary>The kind of host that they are of.</summary>
    public static HostDefinition Host => GitHubHost.Definition;

    public static ActionInput<IReadOnlyList<string>?> Owner { get; } =
        new("github-owner", InputKind.List, ParseOwners)
        {
            Group = Group,
            Summary = "Organisations or users whose repositories are mirrored; in restore, the one they go to",
            Text =
                "Organisation or user whose repositories are mirrored; several are "
                + "separated by comma or newline. In `restore` the one to which they go.",
            DefaultText = "the owner of the repository that runs the workflow (`GITHUB_REPOSITORY_OWNER`)",
            Fallback = "GITHUB_REPOSITORY_OWNER",
            IsFallbackOfRunner = true,
        };

    public static ActionInput<Secret?> Token { get; } =
        ActionInput.Credential(
            "github-token",
            "Token that lists and reads the repositories: a personal access token, "
                + "fine-grained (Contents and Metadata: read, all repositories) or classic "
                + "(`repo`), or an installation token of a GitHub App. The workflow's "
                + "own token, which is the default, reads public repositories only; "
                + "private ones need one of the others. In `restore` it creates repositories and writes to them, workflows included: Administration, "
                + "Contents and Workflows: write, or `repo` and `workflow`. Environment: `GITHUB_TOKEN`."
        ) with
        {
            Group = Group,
            Summary = "Token that reads the repositories; in restore, that creates and writes them",
            Fallback = "GITHUB_TOKEN",
            RunnerDefault = "${{ github.token }}",
        };

    public static ActionInput<string?> AppId { get; } =
        new("github-app-id", InputKind.Text, ParseAppId)
        {
            Group = Group,
            Summary = "Id or client id of a GitHub App that reads the repositories, instead of the token",
            Text =
                "Id (or client id) of a GitHub App that is installed on every owner, "
                + "with the permissions Contents and Metadata: read. Tokens are minted "
                + "from it and renewed during the run, and `github-token` is not used. Needs `github-app-private-key`. "
                + "Environment: `MIRROR_GITHUB_APP_ID`.",
            Fallback = "MIRROR_GITHUB_APP_ID",
        };

    public static ActionInput<Secret?> AppPrivateKey { get; } =
        new("github-app-private-key", InputKind.Text, ParsePrivateKey)
        {
            Group = Group,
            Summary = "Private key of the GitHub App, in PEM form, or the path of its file",
            Text =
                "Private key of the GitHub App: the whole PEM file as a secret, or outside a workflow the path of that file. Needs `github-app-id`. "
                + "Environment: `MIRROR_GITHUB_APP_PRIVATE_KEY`.",
            Fallback = "MIRROR_GITHUB_APP_PRIVATE_KEY",
            IsSecret = true,
        };

    public static ActionInput<Uri> ApiUrl { get; } =
        ActionInput.Url(
            "github-api-url",
            Token.Name,
            "Base of GitHub's REST API, for GitHub Enterprise Server `https://HOST/api/v3`. `http://` is accepted for loopback hosts only."
        ) with
        {
            Group = Group,
            Summary = "Base of the REST API",
            Default = "https://api.github.com",
            DefaultText = "that of the server that runs the workflow (`GITHUB_API_URL`), else `https://api.github.com`",
            Fallback = "GITHUB_API_URL",
            IsFallbackOfRunner = true,
        };

    public static ActionInput<Uri> ServerUrl { get; } =
        ActionInput.Url("github-server-url", Token.Name, "Base of GitHub's git URLs, `<base>/<owner>/<name>.git`.") with
        {
            Group = Group,
            Summary = "Base of git URLs",
            Default = "https://github.com",
            DefaultText = "that of the server that runs the workflow (`GITHUB_SERVER_URL`), else `https://github.com`",
            Fallback = "GITHUB_SERVER_URL",
            IsFallbackOfRunner = true,
        };

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<ActionInput> All { get; } = [Owner, Token, AppId, AppPrivateKey, ApiUrl, ServerUrl];

    /// <inheritdoc/>
    IReadOnlyList<ActionInput> IOwnInputs.Inputs => All;

    /// <inheritdoc/>
    ActionInput IOwnInputs.Owner => Owner;

    /// <inheritdoc/>
    public HostSettings Read(HostRole role, CheckedInputs inputs, HostDefinition host, bool needsToken)
    {
        var id = inputs.Read(AppId);
        var key = inputs.Read(AppPrivateKey);
        inputs.RequireBoth(AppId, AppPrivateKey);
        ActionInput<Secret?> input = HostRole.IsByRole(inputs, role.Token, Token) ? role.Token : Token;
        var (web, api) = ReadUrls(role, inputs, host);

        // The workflow's own token is of the server that runs it, and is sent to no other.
        var isOfAnotherServer = inputs.Value(input).IsAmbient && inputs.IsGiven(role.Url) && !IsServerOfWorkflow(inputs, web);
        var token = isOfAnotherServer ? null : inputs.Read(input);
        if ((isOfAnotherServer || !inputs.IsGiven(input)) && !inputs.IsGiven(AppId))
        {
            WithoutCredential(inputs, needsToken);
        }

        if (token is not null)
        {
            TokenOrigin.RefuseForeign(inputs, input, token, host);
        }

        var app = key is null ? null : new GitHubAppKey(id ?? "", key.Reveal());
        return new GitHubSettings
        {
            WebUrl = web,
            ApiUrl = api,
            Token = app is null ? token?.Reveal() : null,
            App = app,
            Username = inputs.Read(role.Username),
            Credential =
                app is not null ? "a GitHub App (github-app-id)"
                : token is not null ? $"a token ({input.Name})"
                : "nobody in particular (no github-token)",
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadOwners(CheckedInputs inputs)
    {
        if (!inputs.IsGiven(Owner))
        {
            inputs.Refuse(Owner, "required outside a workflow; name an organisation or user, such as acme.");
        }

        return inputs.Read(Owner) ?? [];
    }

    private static bool IsServerOfWorkflow(CheckedInputs inputs, Uri web) =>
        Uri.TryCreate(inputs.Environment["GITHUB_SERVER_URL"] ?? Host.DefaultUrl!.AbsoluteUri, UriKind.Absolute, out var server)
        && server.Authority.Equals(web.Authority, StringComparison.OrdinalIgnoreCase);

    private static (Uri Web, Uri Api) ReadUrls(HostRole role, CheckedInputs inputs, HostDefinition host)
    {
        if (!HostRole.IsByRole(inputs, role.Url, ServerUrl))
        {
            return (inputs.ReadUrl(ServerUrl), inputs.ReadUrl(ApiUrl));
        }

        var (web, api) = role.ReadUrls(inputs, host);

        // That of the server that runs the workflow is not meant when another server is named.
        return (web, inputs.Value(ApiUrl) is { IsGiven: true, IsAmbient: false } ? inputs.ReadUrl(ApiUrl) : api);
    }

    private static void WithoutCredential(CheckedInputs inputs, bool needsToken)
    {
        if (needsToken)
        {
            inputs.Refuse(
                Token,
                "required; restore creates repositories and writes to them. Give a token "
                    + "that may, or a GitHub App (github-app-id and github-app-private-key)."
            );
        }
        else
        {
            inputs.Warnings.Add("github-token is not given: only public repositories are visible, and GitHub allows 60 requests an hour.");
        }
    }

    /// <summary>Logins of organisations and users, each once.</summary>
    /// <exception cref="FormatException">One is no login.</exception>
    private static IReadOnlyList<string> ParseOwners(string text)
    {
        var owners = InputFormat.List(text);
        if (owners.Count == 0)
        {
            throw new FormatException("expected the login of an organisation or user, such as acme.");
        }

        foreach (var owner in owners)
        {
            if (Host.OwnerProblem(owner) is { } problem)
            {
                throw new FormatException($"{InputFormat.Shown(owner)} {problem}");
            }
        }

        return [.. owners.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The id of a GitHub App, a number, or its client id.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    private static string ParseAppId(string text) =>
        text.All(char.IsAsciiDigit) || (text.StartsWith("Iv", StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '.'))
            ? text
            : throw new FormatException("expected the App ID (a number) or the Client ID (Iv…), as the App's settings page on GitHub shows them.");

    /// <summary>The private key of a GitHub App, with the line breaks that a secret may have lost to <c>\n</c>.</summary>
    /// <exception cref="FormatException">It is no RSA private key in PEM form.</exception>
    private static Secret ParsePrivateKey(string text)
    {
        var pem = (PrivateKeyFile.TryRead(text) ?? text).Replace("\\n", "\n", StringComparison.Ordinal);
        return IsPrivateKey(pem)
            ? new Secret(pem)
            : throw new FormatException(
                "expected the .pem file that GitHub gave for the App's private key, whole, from -----BEGIN RSA PRIVATE KEY----- to the END line, "
                    + "or the path of that file as it can be read here."
            );
    }

    // What is wrong with it is not told: the library's own words could quote the key.
    private static bool IsPrivateKey(string pem)
    {
        try
        {
            using var key = RSA.Create();
            key.ImportFromPem(pem);
            key.ExportParameters(includePrivateParameters: true);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
