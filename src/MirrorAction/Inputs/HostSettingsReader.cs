using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;

namespace MirrorAction.Inputs;

/// <summary>Reads how both hosts are reached, and who is meant there.</summary>
/// <param name="inputs">The inputs.</param>
/// <param name="warnings">Takes what looks odd but can be used.</param>
internal sealed class HostSettingsReader(CheckedInputs inputs, List<string> warnings)
{
    /// <summary>How GitHub is reached.</summary>
    /// <param name="isWritten">Nothing can be written without a credential.</param>
    public GitHubSettings ReadGitHub(bool isWritten)
    {
        var token = inputs.ReadSecret(ActionInputs.GitHubToken);
        var app = ReadApp();
        if (!inputs.IsGiven(ActionInputs.GitHubToken) && !inputs.IsGiven(ActionInputs.GitHubAppId))
        {
            WithoutCredential(isWritten);
        }

        return new(
            inputs.ReadUrl(ActionInputs.GitHubApiUrl, ActionInputs.GitHubToken),
            inputs.ReadUrl(ActionInputs.GitHubServerUrl, ActionInputs.GitHubToken),
            app is null ? token : null,
            app
        );
    }

    /// <summary>How Bitbucket is reached.</summary>
    public BitbucketSettings ReadBitbucket()
    {
        var email = inputs.Read(ActionInputs.BitbucketEmail, BitbucketInput.Email, "");
        var consumer = ReadConsumer();
        return new(
            inputs.ReadUrl(ActionInputs.BitbucketApiUrl, ActionInputs.BitbucketToken),
            inputs.ReadUrl(ActionInputs.BitbucketGitUrl, ActionInputs.BitbucketToken),
            ReadWorkspace(),
            consumer is null ? ReadBitbucketToken() : null,
            email.Length > 0 && consumer is null ? email : null,
            consumer,
            inputs.Read(ActionInputs.BitbucketProject, BitbucketInput.ProjectKey, "") is { Length: > 0 } key ? key : null
        );
    }

    /// <summary>The workspace's slug.</summary>
    public string ReadWorkspace()
    {
        if (!inputs.IsGiven(ActionInputs.BitbucketWorkspace))
        {
            inputs.Refuse(ActionInputs.BitbucketWorkspace, $"required; {BitbucketInput.WhereTheSlugIs}");
        }

        return inputs.Read(ActionInputs.BitbucketWorkspace, BitbucketInput.Workspace, "");
    }

    /// <summary>The owners at GitHub.</summary>
    public IReadOnlyList<string> ReadOwners()
    {
        var owners = inputs.Read(ActionInputs.GitHubOwner, GitHubInput.Owners, null);
        if (!inputs.IsGiven(ActionInputs.GitHubOwner))
        {
            inputs.Refuse(ActionInputs.GitHubOwner, "required outside a workflow; name an organisation or user, such as acme.");
        }

        return owners ?? [];
    }

    /// <summary>Everything goes to one owner: which of several a mirror belongs to could only be guessed.</summary>
    public string ReadTargetOwner()
    {
        var owners = ReadOwners();
        if (owners.Count > 1)
        {
            inputs.Refuse(
                ActionInputs.GitHubOwner,
                "names several owners, and restore brings the repositories into one; name it, and choose among the mirrors with repositories, such as 'acme/*'."
            );
        }

        return owners is [var owner, ..] ? owner : "";
    }

    private void WithoutCredential(bool isWritten)
    {
        if (isWritten)
        {
            inputs.Refuse(
                ActionInputs.GitHubToken,
                "required; restore creates repositories and writes to them. Give a token that may, or a GitHub App (github-app-id and github-app-private-key)."
            );
        }
        else
        {
            warnings.Add("github-token is not given: only public repositories are visible, and GitHub allows 60 requests an hour.");
        }
    }

    private GitHubAppKey? ReadApp()
    {
        var id = inputs.Read(ActionInputs.GitHubAppId, GitHubInput.AppId, "");
        var key = inputs.Read<Secret?>(ActionInputs.GitHubAppPrivateKey, GitHubInput.AppPrivateKey, null);
        inputs.RequireBoth(ActionInputs.GitHubAppId, ActionInputs.GitHubAppPrivateKey);
        return key is null ? null : new(id, key.Reveal());
    }

    private BitbucketConsumer? ReadConsumer()
    {
        var key = inputs.Read<Secret?>(ActionInputs.BitbucketOAuthKey, CredentialText.Read, null);
        var secret = inputs.ReadSecret(ActionInputs.BitbucketOAuthSecret);
        inputs.RequireBoth(ActionInputs.BitbucketOAuthKey, ActionInputs.BitbucketOAuthSecret);
        if (!inputs.IsGiven(ActionInputs.BitbucketOAuthKey) && !inputs.IsGiven(ActionInputs.BitbucketOAuthSecret))
        {
            return null;
        }

        if (inputs.IsGiven(ActionInputs.BitbucketToken))
        {
            inputs.Refuse(
                ActionInputs.BitbucketOAuthKey,
                $"is given as well as {inputs.Label(ActionInputs.BitbucketToken)}; give either the OAuth consumer or the token, so that it is clear who writes."
            );
        }

        return new(key?.Reveal() ?? "", secret?.Reveal() ?? "");
    }

    private Secret? ReadBitbucketToken()
    {
        var token = inputs.ReadSecret(ActionInputs.BitbucketToken);
        if (!inputs.IsGiven(ActionInputs.BitbucketToken))
        {
            inputs.Refuse(
                ActionInputs.BitbucketToken,
                "required; give an access token, an API token together with bitbucket-email, or an OAuth consumer (bitbucket-oauth-key and bitbucket-oauth-secret)."
            );
        }
        else if (token is not null)
        {
            warnings.AddRange(
                BitbucketInput.WarnOfMismatch(token.Reveal(), inputs.IsGiven(ActionInputs.BitbucketEmail), inputs.Label(ActionInputs.BitbucketToken))
            );
        }

        return token ?? new Secret("");
    }
}
