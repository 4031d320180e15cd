using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>One request of git to <see cref="SandboxDataCenter"/>.</summary>
internal sealed class SandboxDataCenterGit(SandboxDataCenter host, HttpContext context)
{
    // The hook reads from its environment what to refuse, so that one script serves every repository and every setting.
    private const string Hook = """
        #!/bin/sh
        if [ -n "$SANDBOX_ARCHIVED" ]; then
          printf '%s\n' "$SANDBOX_ARCHIVED" >&2
          exit 1
        fi
        refused=0
        while read -r old new ref; do
          case "$ref" in
            refs/pull-requests/*)
              printf '%s\nRejected refs:\n\t%s\n' "$SANDBOX_RESERVED" "$ref" >&2
              refused=1
              ;;
          esac
          for branch in $SANDBOX_RESTRICTED; do
            if [ "$ref" = "refs/heads/$branch" ]; then
              echo "Branch $ref can only be modified through pull requests." >&2
              echo "Check your branch permissions configuration with the project administrator." >&2
              refused=1
            fi
          done
          zero=$(printf '%s' "$old" | tr '0-9a-f' '0')
          if [ -n "$SANDBOX_NO_FORCE" ] && [ "$old" != "$zero" ] && [ "$new" != "$zero" ] && ! git merge-base --is-ancestor "$old" "$new"; then
            echo "You are attempting a force push to $ref, which the hook Reject Force Push does not allow." >&2
            refused=1
          fi
        done
        exit $refused

        """;

    public async Task ServeAsync(GitPath path)
    {
        var response = context.Response;
        var header = context.Request.Headers.Authorization.ToString();
        var token = host.FindToken(header);
        var repository = host.Find(path.Owner, path.Name);
        var isForAll = repository is { IsHidden: false } && (repository.IsPublic || repository.Project.IsPublic);
        if (token?.User is { } user && host.WithCaptcha.Contains(user))
        {
            response.Headers["X-Authentication-Denied-Reason"] = $"CAPTCHA_CHALLENGE; login-url={host.WebUrl}/login";
            await response.TextAsync(403, "CAPTCHA required. Log in in your browser to solve the CAPTCHA.");
        }
        else if (token is null && (header.Length > 0 || !isForAll || context.Request.IsPush()))
        {
            response.Headers.WWWAuthenticate = "Basic realm=\"Atlassian Bitbucket\"";
            await response.TextAsync(401, DataCenterTexts.AuthenticationFailed);
        }
        else if (repository is null or { IsHidden: true } || !(isForAll || token!.May(DataCenterPermission.Read, path.Owner)))
        {
            await response.TextAsync(
                404,
                "Repository not found\nThe requested repository does not exist, or you do not have permission to access it."
            );
        }
        else if (context.Request.IsPush() && !token!.May(DataCenterPermission.Write, path.Owner))
        {
            await response.TextAsync(403, "You do not have permission to push to this repository.");
        }
        else
        {
            await ServeAsync(repository, path.Rest, token?.User);
        }
    }

    private async Task ServeAsync(SandboxDataCenterRepository repository, string rest, string? user)
    {
        IEnumerable<KeyValuePair<string, string>> configuration =
        [
            new("http.receivepack", "true"),
            new("uploadpack.allowFilter", "true"),
            new("core.hooksPath", ServerHook.Install(host.Folder, "pre-receive", Hook)),
        ];
        var environment = new Dictionary<string, string>
        {
            ["SANDBOX_ARCHIVED"] = repository.IsArchived ? DataCenterTexts.Archived(repository.FullName) : "",
            ["SANDBOX_RESERVED"] = DataCenterTexts.PullRequestRefs,
            ["SANDBOX_RESTRICTED"] = string.Join(' ', repository.RestrictedBranches),
            ["SANDBOX_NO_FORCE"] = repository.RejectsForcePush ? "yes" : "",
        };
        var path = Path.GetRelativePath(host.Folder, repository.Git.Path).Replace(Path.DirectorySeparatorChar, '/');
        await GitCgi.ServeAsync(context, host.Folder, $"/{path}/{rest}", user, configuration, environment);
    }
}
