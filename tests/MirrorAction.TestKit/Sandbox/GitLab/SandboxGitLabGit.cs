using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>One request of git to <see cref="SandboxGitLab"/>.</summary>
internal sealed partial class SandboxGitLabGit(SandboxGitLab host, HttpContext context)
{
    // As GitLab's own check: the first offender ends it, and the whole push is refused.
    private const string Hook =
        "#!/bin/sh\n"
        + SandboxLfs.UnknownObjects
        + """
            refuse() {
              printf '%s\n' "$1" >&2
              exit 1
            }
            if [ -n "$SANDBOX_REFUSAL" ]; then
              refuse "$SANDBOX_REFUSAL"
            fi
            commands=$(cat)
            news=$(echo "$commands" | awk '$2 ~ /[^0]/ { print $2 }')
            if [ -n "$news" ] && [ -n "$SANDBOX_LFS" ] && [ -n "$(unknown_lfs_objects $news)" ]; then
              refuse "$SANDBOX_LFS_MISSING"
            fi
            while read -r old new ref; do
              case "$ref" in refs/heads/*) ;; *) continue ;; esac
              name=${ref#refs/heads/}
              case "$new" in *[!0]*) deleted= ;; *) deleted=1 ;; esac
              case "$old" in *[!0]*) created= ;; *) created=1 ;; esac
              if [ -n "$deleted" ] && [ "$name" = "$SANDBOX_DEFAULT" ]; then
                refuse "$SANDBOX_DELETE_DEFAULT"
              fi
              if [ -n "$created" ] && printf '%s' "$name" | grep -Eq '^[0-9a-f]{40}(-?/|$)'; then
                refuse "$SANDBOX_HEXADECIMAL"
              fi
              for branch in $SANDBOX_PROTECTED; do
                if [ "$name" = "$branch" ]; then
                  if [ -n "$deleted" ]; then
                    refuse "$SANDBOX_DELETE_PROTECTED"
                  fi
                  if [ -z "$created" ] && ! git merge-base --is-ancestor "$old" "$new"; then
                    refuse "$SANDBOX_FORCE_PUSH"
                  fi
                fi
              done
            done <<END
            $commands
            END
            exit 0

            """;

    /// <summary>False when the path is none of git's.</summary>
    public async Task<bool> TryServeAsync()
    {
        if (Pattern().Match(context.Request.Path.Value!) is not { Success: true } match)
            return false;
        await ServeAsync(match.Groups[1].Value, match.Groups[2].Value);
        return true;
    }

    private async Task ServeAsync(string fullPath, string rest)
    {
        var response = context.Response;
        var isPush = context.Request.IsPush();
        var login = BasicLogin.Parse(context.Request.Headers.Authorization);
        var token = login is { User.Length: > 0 } ? host.FindToken(login.Password) : null;
        var path = SandboxWiki.ParentOf(fullPath) ?? fullPath;
        var isWiki = path != fullPath;
        var project = host.Find(path);
        var isOpen = project is { Visibility: "public" } && !isPush;
        if (token is null && (login is not null || !isOpen))
        {
            response.Headers.WWWAuthenticate = "Basic realm=\"GitLab\"";
            await response.TextAsync(401, GitLabTexts.AccessDenied);
            return;
        }

        if (token is not null && !(isPush ? token.Has("api", "write_repository") : token.Has("api", "read_repository", "write_repository")))
        {
            await response.TextAsync(403, isPush ? GitLabTexts.NoPush : GitLabTexts.NoDownload);
            return;
        }

        if (project is null && host.MovedTo(path) is { } id && host.Find(id.ToString(System.Globalization.CultureInfo.InvariantCulture)) is { } moved)
        {
            response.Headers.Location =
                $"{context.Request.Origin()}{host.Url.AbsolutePath}{moved.FullPath}{(isWiki ? SandboxWiki.Suffix : "")}.git/{rest}{context.Request.QueryString}";
            response.StatusCode = 301;
            return;
        }

        project ??= isPush && !isWiki && token!.Level >= 30 ? host.PushToCreate(path) : null;
        if (project is null || (isWiki && !isPush && project.Git.FindWiki() is null))
            await response.TextAsync(404, GitLabTexts.NotFound);
        else if ((isWiki ? project.WikiAccessLevel : project.RepositoryAccessLevel) == "disabled")
            await response.TextAsync(403, isPush ? GitLabTexts.NoPush : GitLabTexts.NoDownload);
        else if (isPush && (token!.Level < 30 || project.Archived))
            await response.TextAsync(403, GitLabTexts.NoPush);
        else if (isWiki)
            await ServeWikiAsync(project, rest, login?.User);
        else
            await ServeAsync(project, rest, login?.User);
    }

    private async Task ServeAsync(SandboxGitLabProject project, string rest, string? user)
    {
        var isPush = context.Request is { Method: "POST" } && context.Request.IsPush();
        var hadBranches = project.Git.HasBranches();
        List<KeyValuePair<string, string>> configuration =
        [
            new("http.receivepack", "true"),
            new("receive.denyDeleteCurrent", "ignore"),
            new("uploadpack.allowFilter", host.AllowsFilter ? "true" : "false"),
            new("core.hooksPath", ServerHook.Install(host.Folder, "pre-receive", Hook)),
        ];
        var environment = new Dictionary<string, string>
        {
            ["SANDBOX_REFUSAL"] = host.PushRefusal ?? "",
            ["SANDBOX_LFS"] = SandboxLfs.Of(host.Folder) is { IsServed: true } lfs ? lfs.FolderOf(project.FullPath) : "",
            ["SANDBOX_LFS_MISSING"] = GitLabTexts.LfsMissing,
            ["SANDBOX_DEFAULT"] = hadBranches ? project.DefaultBranch : "",
            ["SANDBOX_PROTECTED"] = string.Join(' ', project.ProtectedBranches),
            ["SANDBOX_DELETE_DEFAULT"] = GitLabTexts.DeleteDefault,
            ["SANDBOX_DELETE_PROTECTED"] = GitLabTexts.DeleteProtected,
            ["SANDBOX_FORCE_PUSH"] = GitLabTexts.ForcePush,
            ["SANDBOX_HEXADECIMAL"] = GitLabTexts.Hexadecimal,
        };
        await GitCgi.ServeAsync(context, host.Folder, $"/{project.FullPath}.git/{rest}", user, configuration, environment);
        if (isPush && !hadBranches)
            project.FirstBranchesCame();
    }

    /// <summary>The first push makes the wiki.</summary>
    private Task ServeWikiAsync(SandboxGitLabProject project, string rest, string? user)
    {
        if (context.Request.IsPush() && project.Git.FindWiki() is null)
            project.Git.AddWiki();
        List<KeyValuePair<string, string>> configuration = [new("http.receivepack", "true"), new("receive.denyDeleteCurrent", "ignore")];
        return GitCgi.ServeAsync(context, host.Folder, $"/{project.FullPath}{SandboxWiki.Suffix}.git/{rest}", user, configuration, []);
    }

    [GeneratedRegex(@"^/(.+?)(?:\.git)?/(info/refs|info/lfs/objects/batch|git-upload-pack|git-receive-pack)$")]
    private static partial Regex Pattern();
}
