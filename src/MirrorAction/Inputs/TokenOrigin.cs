using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.BitbucketDataCenter;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Hosts.GitLab;

namespace MirrorAction.Inputs;

/// <summary>Where a token is from, as far as it shows: GitHub, Atlassian and GitLab begin theirs so that they can be found.</summary>
internal static class TokenOrigin
{
    private static readonly (string Start, HostDefinition Host)[] s_starts =
    [
        ("ghp_", GitHubHost.Definition),
        ("gho_", GitHubHost.Definition),
        ("ghr_", GitHubHost.Definition),
        ("ghs_", GitHubHost.Definition),
        ("ghu_", GitHubHost.Definition),
        ("github_pat_", GitHubHost.Definition),
        ("ATATT", BitbucketHost.Definition),
        ("ATCTT", BitbucketHost.Definition),
        ("ATBB", BitbucketHost.Definition),
        ("BBDC-", DataCenterHost.Definition),
        ("glpat-", GitLabHost.Definition),
        ("gldt-", GitLabHost.Definition),
        ("glcbt-", GitLabHost.Definition),
        ("glptt-", GitLabHost.Definition),
    ];

    /// <summary>All beginnings.</summary>
    public static IEnumerable<string> Starts => s_starts.Select(known => known.Start);

    /// <summary>Notes a token that another host issued: it would be shown to a stranger, and be of no use.</summary>
    /// <returns>It is one.</returns>
    public static bool RefuseForeign(CheckedInputs inputs, ActionInput input, Secret token, HostDefinition host)
    {
        var (start, issuer) = s_starts.FirstOrDefault(known => token.Reveal().StartsWith(known.Start, StringComparison.Ordinal));
        if (issuer is null || issuer == host)
        {
            return false;
        }

        inputs.Refuse(
            input,
            $"is a token of {issuer.Name} (it begins with {start}), and would be sent to {host.Name}. Were two tokens swapped? "
                + $"Give one of {host.Name}; if this one was sent anywhere before, revoke it."
        );
        return true;
    }
}
