using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>One request of git to <see cref="SandboxGitHub"/>.</summary>
internal sealed class SandboxGitHubGit(SandboxGitHub host, HttpContext context)
{
    // Large files are looked for in the whole push, as GitHub does, so that one of them holds everything back.
    private const string PreReceive =
        "#!/bin/sh\n"
        + SandboxLfs.UnknownObjects
        + """
            zero=0000000000000000000000000000000000000000
            news=$(while read -r old new ref; do [ "$new" = $zero ] || echo "$new"; done)
            [ -n "$news" ] || exit 0
            unknown=$(unknown_lfs_objects $news)
            if [ -n "$unknown" ]; then
              echo "error: GH008: Your push referenced at least $(echo "$unknown" | wc -l) unknown Git LFS objects:" >&2
              echo "$unknown" | sed 's/^/    /' >&2
              echo "Try to push them with 'git lfs push --all'." >&2
              exit 1
            fi
            [ -n "$SANDBOX_MAX_FILE" ] || exit 0
            big=$(git rev-list --objects $news --not --all | git cat-file --batch-check='%(objecttype) %(objectsize) %(rest)' |
              awk -v max="$SANDBOX_MAX_FILE" '$1 == "blob" && $2 > max { print "error: File " $3 " is " $2 " bytes; this exceeds GitHub'"'"'s file size limit of 100.00 MB" }')
            [ -n "$big" ] || exit 0
            echo 'error: GH001: Large files detected. You may want to try Git Large File Storage - https://git-lfs.github.com.' >&2
            printf '%s\n' "$big" >&2
            exit 1

            """;

    private const string Update = """
        #!/bin/sh
        for rule in $SANDBOX_RULES; do
          if [ "$1" = "$rule" ]; then
            printf 'error: GH013: Repository rule violations found for %s.\n- Push cannot contain secrets\n' "$1" >&2
            exit 1
          fi
        done
        if [ -n "$SANDBOX_NO_WORKFLOWS" ] && [ "$3" != 0000000000000000000000000000000000000000 ]; then
          file=$(git ls-tree -r --name-only "$3" -- .github/workflows/ | head -n 1)
          if [ -n "$file" ]; then
            echo "refusing to allow $SANDBOX_NO_WORKFLOWS to create or update workflow \`$file\` without \`workflow\` scope" >&2
            exit 1
          fi
        fi
        exit 0

        """;

    public async Task ServeAsync(GitPath path)
    {
        var response = context.Response;
        var login = BasicLogin.Parse(context.Request.Headers.Authorization);
        var token = login is { User.Length: > 0 } ? host.FindToken(login.Password) : null;
        var name = SandboxWiki.ParentOf(path.Name) ?? path.Name;
        var wiki = name != path.Name;
        var repository = host.Find(path.Owner, name) ?? host.FindFormer(path.Owner, name);
        var visible = repository is not null && (!repository.Private || (token is not null && token.Reads(repository)));
        if (
            (context.Request.Headers.Authorization.Count > 0 && token is null)
            || (token is null && (!visible || (host.AcceptsWrites && context.Request.IsPush())))
        )
        {
            response.Headers.WWWAuthenticate = "Basic realm=\"GitHub\"";
            await response.TextAsync(401, "Invalid username or token. Password authentication is not supported for Git operations.\n");
        }
        else if (!visible || (wiki && (!repository!.HasWiki || repository.Git.FindWiki() is null)))
        {
            await response.TextAsync(404, "Repository not found.\n");
        }
        else if (repository!.Disabled || repository.BlockReason is not null)
        {
            await response.TextAsync(403, "Access to this repository has been disabled by GitHub staff.\n");
        }
        else if (context.Request.IsPush() && (!host.AcceptsWrites || token?.Writes(repository) != true || repository.Archived))
        {
            await response.TextAsync(
                403,
                repository.Archived ? "This repository was archived so it is read-only.\n" : "Write access to repository not granted.\n"
            );
        }
        else if (!repository.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.Location =
                $"{context.Request.Origin()}{host.ServerUrl.AbsolutePath}{repository.FullName}.git/{path.Rest}{context.Request.QueryString}";
            response.StatusCode = 301;
        }
        else
        {
            var folder = $"/{repository.FullName}{(wiki ? ".wiki" : "")}.git/{path.Rest}";
            var (configuration, environment) = Settings(repository, token);
            await GitCgi.ServeAsync(context, host.Folder, folder, token?.Login ?? login?.User, configuration, environment);
            if (context.Request.IsPush() && context.Request.Method == "POST" && !wiki)
                repository.ChooseDefaultBranch();
        }
    }

    private (IEnumerable<KeyValuePair<string, string>> Configuration, Dictionary<string, string> Environment) Settings(
        SandboxGitHubRepository repository,
        SandboxGitHubToken? token
    )
    {
        List<KeyValuePair<string, string>> configuration =
        [
            new("http.receivepack", "true"),
            new("uploadpack.allowFilter", "true"),
            new("uploadpack.allowAnySHA1InWant", "true"),
        ];
        var environment = new Dictionary<string, string> { ["SANDBOX_LFS"] = SandboxLfs.Of(host.Folder).FolderOf(repository.FullName) };
        if (!context.Request.IsPush())
            return (configuration, environment);
        if (host.PushLimit is { } limit)
            configuration.Add(new("receive.maxInputSize", limit.ToString(CultureInfo.InvariantCulture)));
        configuration.Add(new("receive.hideRefs", "refs/pull"));
        if (host.MaxFile is { } size)
            environment["SANDBOX_MAX_FILE"] = size.ToString(CultureInfo.InvariantCulture);
        if (repository.RulesRefuse.Count > 0)
            environment["SANDBOX_RULES"] = string.Join(' ', repository.RulesRefuse);
        if (token?.May("workflows") != true)
            environment["SANDBOX_NO_WORKFLOWS"] = token?.Installation is null ? "a Personal Access Token" : "a GitHub App";
        ServerHook.Install(host.Folder, "pre-receive", PreReceive);
        configuration.Add(new("core.hooksPath", ServerHook.Install(host.Folder, "update", Update)));
        return (configuration, environment);
    }
}
