using System.Buffers;
using System.Globalization;
using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;

namespace MirrorAction.Inputs;

/// <summary>The inputs that say how Bitbucket is reached, and what is made there.</summary>
internal sealed class BitbucketInputs : IOwnInputs
{
    /// <summary>The form of a project's key, as a regular expression.</summary>
    public const string ProjectKeyPattern = "^[A-Z][A-Z0-9_]*$";

    private const string Group = "Bitbucket";
    private const string WhereTheSlugIs =
        "give the workspace's slug, the part after https://bitbucket.org/ in the address of any of its pages (not its display name).";

    private static readonly SearchValues<char> s_keyCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>The kind of host that they are of.</summary>
    public static HostDefinition Host => BitbucketHost.Definition;

    public static ActionInput<string?> Workspace { get; } =
        new("bitbucket-workspace", InputKind.Text, ParseWorkspace)
        {
            Group = Group,
            Summary = "Slug of the workspace that holds the mirrors (required)",
            Text =
                "Slug of the Bitbucket workspace that holds the mirrors: the part "
                + "after `https://bitbucket.org/` in the address of its pages, not its "
                + "display name. Required, here or in the environment variable `MIRROR_BITBUCKET_WORKSPACE` "
                + "(or, by its older name, `MIRROR_BITBUCKET_USERNAME`, which is no user's name either).",
            Fallback = "MIRROR_BITBUCKET_WORKSPACE",
            OtherFallback = "MIRROR_BITBUCKET_USERNAME",
            Pattern = "^[a-z0-9_.-]+$",
        };

    public static ActionInput<Secret?> Token { get; } =
        ActionInput.Credential(
            "bitbucket-token",
            "Token that lists, creates and pushes to the mirrors: an access token "
                + "of the workspace or a project, or, together with `bitbucket-email`, an "
                + "API token with the scopes read, write and admin for repositories. "
                + "App passwords no longer work. Required, here or in the environment "
                + "variable `MIRROR_BITBUCKET_API_TOKEN`, unless an OAuth consumer is given."
        ) with
        {
            Group = Group,
            Summary = "Access token, or API token with the e-mail (required unless there is an OAuth consumer)",
            Fallback = "MIRROR_BITBUCKET_API_TOKEN",
        };

    public static ActionInput<string?> Email { get; } =
        new("bitbucket-email", InputKind.Text, ParseEmail)
        {
            Group = Group,
            Summary = "Atlassian account e-mail of an API token",
            Text =
                "E-mail of the Atlassian account that owns the API token in `bitbucket-token`; leave it out with an access token. Environment: "
                + "`MIRROR_BITBUCKET_EMAIL`.",
            Fallback = "MIRROR_BITBUCKET_EMAIL",
        };

    public static ActionInput<Secret?> OAuthKey { get; } =
        new("bitbucket-oauth-key", InputKind.Text, Secret.Read)
        {
            Group = Group,
            Summary = "Key of an OAuth consumer, instead of the token",
            Text =
                "Key of an OAuth consumer of the workspace, marked as private, with "
                + "the permissions Repositories: write and admin. Tokens are minted from "
                + "it and renewed during the run. Takes the place of `bitbucket-token`; needs `bitbucket-oauth-secret`. "
                + "Environment: `MIRROR_BITBUCKET_OAUTH_KEY`.",
            Fallback = "MIRROR_BITBUCKET_OAUTH_KEY",
        };

    public static ActionInput<Secret?> OAuthSecret { get; } =
        ActionInput.Credential(
            "bitbucket-oauth-secret",
            "Secret of the OAuth consumer. Needs `bitbucket-oauth-key`. Environment: `MIRROR_BITBUCKET_OAUTH_SECRET`."
        ) with
        {
            Group = Group,
            Summary = "Secret of the OAuth consumer",
            Fallback = "MIRROR_BITBUCKET_OAUTH_SECRET",
        };

    public static ActionInput<string?> Project { get; } =
        new("bitbucket-project", InputKind.Text, ParseProjectKey)
        {
            Group = Group,
            Summary = "Key of the project for new repositories",
            Text = "Key of the project in which missing repositories are created, such as `MIRROR`.",
            DefaultText = "Bitbucket's choice, the workspace's oldest project",
            Pattern = ProjectKeyPattern,
        };

    public static ActionInput<Uri> ApiUrl { get; } =
        ActionInput.Url("bitbucket-api-url", Token.Name, "Base of Bitbucket's REST API. `http://` is accepted for loopback hosts only.") with
        {
            Group = Group,
            Summary = "Base of the REST API",
            Default = "https://api.bitbucket.org/2.0",
        };

    public static ActionInput<Uri> GitUrl { get; } =
        ActionInput.Url("bitbucket-git-url", Token.Name, "Base of Bitbucket's git URLs, `<base>/<workspace>/<slug>.git`.") with
        {
            Group = Group,
            Summary = "Base of git URLs",
            Default = "https://bitbucket.org",
        };

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<ActionInput> All { get; } = [Workspace, Token, Email, OAuthKey, OAuthSecret, Project, ApiUrl, GitUrl];

    /// <inheritdoc/>
    IReadOnlyList<ActionInput> IOwnInputs.Inputs => All;

    /// <inheritdoc/>
    ActionInput IOwnInputs.Owner => Workspace;

    /// <inheritdoc/>
    public HostSettings Read(HostRole role, CheckedInputs inputs, HostDefinition host, bool needsToken)
    {
        var email = inputs.Read(Email);
        ActionInput<Secret?> input = HostRole.IsByRole(inputs, role.Token, Token) ? role.Token : Token;
        var consumer = ReadConsumer(inputs, input);
        var (web, api) = ReadUrls(role, inputs, host);
        return new BitbucketSettings
        {
            WebUrl = web,
            ApiUrl = api,
            Token = consumer is null ? ReadToken(inputs, input, host) : null,
            Email = consumer is null ? email : null,
            Consumer = consumer,
            ProjectKey = inputs.Read(Project),
            Username = inputs.Read(role.Username),
            Credential =
                consumer is not null ? "an OAuth consumer (bitbucket-oauth-key)"
                : email is not null ? $"an API token ({input.Name} with bitbucket-email)"
                : $"an access token ({input.Name} alone)",
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadOwners(CheckedInputs inputs)
    {
        if (!inputs.IsGiven(Workspace))
        {
            inputs.Refuse(Workspace, $"required; {WhereTheSlugIs}");
        }

        return inputs.Read(Workspace) is { } workspace ? [workspace] : [];
    }

    private static (Uri Web, Uri Api) ReadUrls(HostRole role, CheckedInputs inputs, HostDefinition host)
    {
        if (!HostRole.IsByRole(inputs, role.Url, GitUrl))
        {
            return (inputs.ReadUrl(GitUrl), inputs.ReadUrl(ApiUrl));
        }

        var (web, api) = role.ReadUrls(inputs, host);
        return (web, inputs.IsGiven(ApiUrl) ? inputs.ReadUrl(ApiUrl) : api);
    }

    private static BitbucketConsumer? ReadConsumer(CheckedInputs inputs, ActionInput<Secret?> token)
    {
        var key = inputs.Read(OAuthKey);
        var secret = inputs.Read(OAuthSecret);
        inputs.RequireBoth(OAuthKey, OAuthSecret);
        if (!inputs.IsGiven(OAuthKey) && !inputs.IsGiven(OAuthSecret))
        {
            return null;
        }

        if (inputs.IsGiven(token))
        {
            inputs.Refuse(
                OAuthKey,
                $"is given as well as {inputs.Label(token)}; give either the OAuth consumer or the token, so that it is clear who writes."
            );
        }

        return new(key?.Reveal() ?? "", secret?.Reveal() ?? "");
    }

    private static string ReadToken(CheckedInputs inputs, ActionInput<Secret?> input, HostDefinition host)
    {
        var token = inputs.Read(input);
        if (!inputs.IsGiven(input))
        {
            inputs.Refuse(
                Token,
                "required; give an access token, an API token together with bitbucket-email, "
                    + "or an OAuth consumer (bitbucket-oauth-key and bitbucket-oauth-secret)."
            );
        }
        else if (token is not null && !TokenOrigin.RefuseForeign(inputs, input, token, host))
        {
            inputs.Warnings.AddRange(WarnOfMismatch(token.Reveal(), inputs.IsGiven(Email), inputs.Label(input)));
        }

        return token?.Reveal() ?? "";
    }

    /// <summary>A workspace's slug.</summary>
    private static string ParseWorkspace(string text) =>
        Host.OwnerProblem(text) is { } problem ? throw new FormatException($"{InputFormat.Shown(text)} {problem}") : text;

    /// <summary>An account's e-mail.</summary>
    private static string ParseEmail(string text) =>
        text.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == ':')
            ? text
            : throw new FormatException(
                $"expected the e-mail of the Atlassian account that owns the API token"
                    + $"{(text.Contains('@', StringComparison.Ordinal) ? "" : ", not a username")}; Bitbucket "
                    + "refuses anything else. It is shown at https://id.atlassian.com/manage-profile/email; an access token needs none."
            );

    /// <summary>A project's key.</summary>
    public static string ParseProjectKey(string text) =>
        char.IsAsciiLetterUpper(text[0]) && !text.AsSpan().ContainsAnyExcept(s_keyCharacters)
            ? text
            : throw new FormatException(
                $"{InputFormat.Shown(text)} is no project key (capital letters, digits, "
                    + "'_', beginning with a letter); the project's settings page shows it."
            );

    /// <summary>A word of warning where token and e-mail do not seem to belong together. The prefix is a hint, not a proof.</summary>
    private static IEnumerable<string> WarnOfMismatch(string token, bool hasEmail, string label)
    {
        if (token.StartsWith("ATBB", StringComparison.Ordinal))
        {
            yield return $"{label} looks like an app password; Bitbucket removed them on "
                + "2026-07-28. Create an API token with scopes (Atlassian account settings > "
                + "Security > Create API token with scopes, app Bitbucket: read:repository:bitbucket, "
                + "write:repository:bitbucket, admin:repository:bitbucket) and "
                + "give the account's e-mail as bitbucket-email.";
        }
        else if (!hasEmail && token.StartsWith("ATATT", StringComparison.Ordinal))
        {
            yield return $"{label} looks like an API token, which Bitbucket accepts only together with the account's e-mail: give bitbucket-email.";
        }
        else if (hasEmail && token.StartsWith("ATCTT", StringComparison.Ordinal))
        {
            yield return $"{label} looks like an access token, which is used without an e-mail: leave bitbucket-email out.";
        }
    }
}
