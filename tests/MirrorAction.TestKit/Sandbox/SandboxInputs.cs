namespace MirrorAction.TestKit;

/// <summary>The inputs that point the action at the sandbox hosts.</summary>
public static class SandboxInputs
{
    /// <summary>
    /// From the organisation <c>acme</c> to the workspace <c>acme-mirror</c> with credentials that may do everything, by input name.
    /// </summary>
    public static Dictionary<string, string> Between(SandboxGitHub gitHub, SandboxBitbucket bitbucket) =>
        new(StringComparer.Ordinal)
        {
            ["github-owner"] = "acme",
            ["github-token"] = gitHub.FullToken,
            ["bitbucket-workspace"] = "acme-mirror",
            ["bitbucket-token"] = bitbucket.Token,

            // The sandbox throttles nobody.
            ["create-interval"] = "0ms",
            ["github-api-url"] = gitHub.ApiUrl.AbsoluteUri.TrimEnd('/'),
            ["github-server-url"] = gitHub.ServerUrl.AbsoluteUri.TrimEnd('/'),
            ["bitbucket-api-url"] = bitbucket.ApiUrl.AbsoluteUri.TrimEnd('/'),
            ["bitbucket-git-url"] = bitbucket.GitUrl.AbsoluteUri.TrimEnd('/'),
        };

    /// <summary>The name under which the runner passes an input.</summary>
    public static string VariableOf(string input) => $"INPUT_{input.ToUpperInvariant()}";
}
