using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>One request of git to <see cref="SandboxGitea"/>, answered as routers/web/repo/githttp.go does.</summary>
internal sealed class SandboxGiteaGit(SandboxGitea host, HttpContext context)
{
    // The hook stops at the first ref that it refuses, and with it declines the whole push. refs/pull is not protected, as at the real host
    // (https://github.com/go-gitea/gitea/issues/18174).
    private const string Hook = """
        #!/bin/sh
        zero=0000000000000000000000000000000000000000
        refuse() { echo "$SANDBOX_PRODUCT: $1" >&2; exit 1; }
        while read -r old new ref; do
          if [ -n "$SANDBOX_OVER_QUOTA" ] && [ "$new" != $zero ]; then refuse "Quota exceeded"; fi
          branch=${ref#refs/heads/}
          [ "$branch" != "$ref" ] || continue
          if [ "$branch" = "$SANDBOX_DEFAULT" ] && [ "$new" = $zero ]; then refuse "branch $branch is the default branch and cannot be deleted"; fi
          for protected in $SANDBOX_PROTECTED; do
            [ "$branch" = "$protected" ] || continue
            if [ "$new" = $zero ]; then refuse "branch $branch is protected from deletion"; fi
            if [ "$old" != $zero ] && [ -n "$(git rev-list --max-count=1 "$old" "^$new")" ]; then
              refuse "branch $branch is protected from force push"
            fi
            refuse "Not allowed to push to protected branch $branch"
          done
        done
        exit 0

        """;

    private HttpRequest Request => context.Request;

    public async Task ServeAsync(GitPath path)
    {
        var login = BasicLogin.Parse(Request.Headers.Authorization);

        // A token is taken as the password of any user.
        var token = login is { User.Length: > 0 } ? host.FindToken(login.Password) : null;
        var name = SandboxWiki.ParentOf(path.Name) ?? path.Name;
        var isWiki = name != path.Name;
        var repository = host.Find(path.Owner, name);
        if (repository is null && host.FindFormer(path.Owner, name) is { } renamed)
        {
            context.Response.Headers.Location =
                $"{Request.Origin()}{host.WebUrl.AbsolutePath}{renamed.FullName}{(isWiki ? ".wiki" : "")}.git/{path.Rest}{Request.QueryString}";
            context.Response.StatusCode = 307;
        }
        else if (Refusal(repository, token, Request.Headers.Authorization.Count > 0) is var (status, text))
        {
            if (status == 401)
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"Gitea\"";
            await context.Response.TextAsync(status, text);
        }
        else if (isWiki && (!repository!.HasWiki || repository.Git.FindWiki() is null))
        {
            // Over HTTP the host makes no wiki by itself; its first page does.
            await context.Response.TextAsync(repository.HasWiki ? 404 : 403, repository.HasWiki ? "Not found.\n" : "repository wiki is disabled");
        }
        else
        {
            await ServeAsync(repository!, isWiki, $"/{repository!.FullName}{(isWiki ? ".wiki" : "")}.git/{path.Rest}", token?.User);
        }
    }

    private (int Status, string Text)? Refusal(SandboxGiteaRepository? repository, SandboxGiteaToken? token, bool isLoggedIn)
    {
        var isPush = Request.IsPush();
        if (repository is { Archived: true } && isPush)
            return (403, "This repo is archived. You can view files and clone it, but cannot push or open issues/pull-requests.");
        if (token is null && (isLoggedIn || isPush || repository is null || !host.Sees(null, repository)))
            return (401, "Unauthorized\n");
        if (repository is null)
            return isPush ? (403, "Push to create is not enabled for organizations.") : (404, "Repository not found");
        if (token?.May(isPush ? "write:repository" : "read:repository") == false)
            return (403, "Forbidden\n");
        if (!host.Sees(token?.User, repository))
            return (404, "Repository not found");
        if (isPush && repository.Mirror)
            return (403, "mirror repository is read-only");
        return isPush && !SandboxGitea.Writes(token?.User, host.FindAccount(repository.Owner)!) ? (403, "User permission denied for writing.") : null;
    }

    private async Task ServeAsync(SandboxGiteaRepository repository, bool isWiki, string pathInfo, string? user)
    {
        List<KeyValuePair<string, string>> configuration =
        [
            new("http.receivepack", "true"),
            new("uploadpack.allowFilter", host.AllowsFilter ? "true" : "false"),
            new("uploadpack.allowAnySHA1InWant", "true"),
        ];
        var environment = new Dictionary<string, string>();
        if (Request.IsPush())
        {
            var owner = host.FindAccount(repository.Owner)!;
            configuration.Add(new("core.hooksPath", ServerHook.Install(host.Folder, "pre-receive", Hook)));
            environment["SANDBOX_PRODUCT"] = host.IsForgejo ? "Forgejo" : "Gitea";
            environment["SANDBOX_DEFAULT"] = isWiki ? "" : repository.DefaultBranch;
            environment["SANDBOX_PROTECTED"] = isWiki ? "" : string.Join(' ', repository.ProtectedBranches);
            environment["SANDBOX_OVER_QUOTA"] = host.IsForgejo && owner.Quota is { } quota && host.UsedBy(owner) > quota ? "1" : "";
        }

        await GitCgi.ServeAsync(context, host.Folder, pathInfo, user, configuration, environment);
        if (Request.IsPush() && Request.Method == "POST" && !isWiki)
            repository.ChooseDefaultBranch();
    }
}
