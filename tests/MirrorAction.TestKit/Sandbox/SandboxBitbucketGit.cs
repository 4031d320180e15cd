using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>One request of git to <see cref="SandboxBitbucket"/>.</summary>
internal sealed class SandboxBitbucketGit(SandboxBitbucket host, HttpContext context)
{
    // The hook reads from its environment whom to refuse, so that one script serves every repository and every setting.
    private const string Hook = """
        #!/bin/sh
        if [ -n "$SANDBOX_REFUSAL" ]; then
          printf '%s\n' "$SANDBOX_REFUSAL" >&2
          exit 1
        fi
        refused=0
        while read -r old new ref; do
          for branch in $SANDBOX_RESTRICTED; do
            if [ "$ref" = "refs/heads/$branch" ]; then
              echo "Permission denied to update branch $branch." >&2
              refused=1
            fi
          done
        done
        exit $refused

        """;

    public async Task ServeAsync(GitPath path)
    {
        var response = context.Response;
        var login = BasicLogin.Parse(context.Request.Headers.Authorization);
        if (
            login is not null
            && host.FindCredential(known => known.Kind == BitbucketCredentialKind.AppPassword && known.Secret == login.Password) is not null
        )
        {
            await response.TextAsync(410, BitbucketTexts.AppPasswords);
            return;
        }

        var credential = login is null ? null : host.FindCredential(known => known.Secret == login.Password && IsUserOf(known, login.User));
        var repository = host.Find(path.Owner, path.Name);
        if (repository is null && host.FindFormer(path.Owner, path.Name) is { } renamed)
        {
            response.Headers.Location =
                $"{context.Request.Origin()}{host.GitUrl.AbsolutePath}{renamed.FullName}.git/{path.Rest}{context.Request.QueryString}";
            response.StatusCode = 301;
            return;
        }

        if (credential is null && (login is not null || repository is null or { IsPrivate: true } || context.Request.IsPush()))
        {
            response.Headers.WWWAuthenticate = "Basic realm=\"Bitbucket.org HTTP\"";
            await response.TextAsync(401, BitbucketTexts.InvalidCredentials);
        }
        else if (repository is null)
        {
            await response.TextAsync(404, BitbucketTexts.NoAccess);
        }
        else if (
            credential is not null
            && (!credential.May(BitbucketPermission.Read) || (context.Request.IsPush() && !credential.May(BitbucketPermission.Write)))
        )
        {
            await response.TextAsync(403, BitbucketTexts.ScopesMissing);
        }
        else
        {
            await ServeAsync(repository, path.Rest, login?.User);
        }
    }

    private async Task ServeAsync(SandboxBitbucketRepository repository, string rest, string? user)
    {
        // The first push decides on the main branch, and the next one must find it decided: git refuses to delete the current branch.
        _ = repository.MainBranch;
        IEnumerable<KeyValuePair<string, string>> configuration =
        [
            new("http.receivepack", "true"),
            new("uploadpack.allowFilter", host.AllowsFilter ? "true" : "false"),
        ];
        if (host.LargestPush is { } largest)
            configuration = configuration.Append(new("receive.maxInputSize", largest.ToString(CultureInfo.InvariantCulture)));
        var environment = new Dictionary<string, string>();
        if (context.Request.IsPush() && (host.PushRefusal is not null || repository.RestrictedBranches.Count > 0))
        {
            configuration = configuration.Append(new("core.hooksPath", ServerHook.Install(host.Folder, "pre-receive", Hook)));
            environment["SANDBOX_REFUSAL"] = host.PushRefusal ?? "";
            environment["SANDBOX_RESTRICTED"] = string.Join(' ', repository.RestrictedBranches);
        }

        if (context.Request.IsPush() && context.Request.Method == "POST")
            repository.UpdatedOn = host.Time.GetUtcNow();
        await GitCgi.ServeAsync(context, host.Folder, $"/{repository.FullName}.git/{rest}", user, configuration, environment);
    }

    private static bool IsUserOf(BitbucketCredential credential, string user) =>
        credential.Kind switch
        {
            BitbucketCredentialKind.AccessToken or BitbucketCredentialKind.OAuth => user == "x-token-auth",
            BitbucketCredentialKind.ApiToken => user == "x-bitbucket-api-token-auth" || user == credential.Username,
            _ => false,
        };
}
