namespace MirrorAction.Inputs.Arguments;

/// <summary>What the help of a command tells besides its options.</summary>
/// <param name="Purpose">What it does and what it does not, a line each; the command's own description goes before.</param>
/// <param name="Examples">Calls to copy, without the program's name.</param>
/// <param name="ExitCodes">What each exit code means here.</param>
internal sealed record CommandHelp(IReadOnlyList<string> Purpose, IReadOnlyList<string> Examples, string ExitCodes)
{
    private const string FromWhereToWhere = "--github-owner acme --bitbucket-workspace acme-mirror";

    private static readonly Dictionary<string, CommandHelp> s_commands = new(StringComparer.Ordinal)
    {
        ["doctor"] = new([], [$"doctor {FromWhereToWhere} --repositories 'web*,/^lib-/'"], "0 no problem (warnings allowed), 1 problems found"),
        ["verify"] = new(
            [
                "Every selected repository: refs, default branch and visibility, by two requests to the git servers and without a transfer.",
                "With --deep every object of the mirrors is read and checked as well; nothing is written to disk.",
            ],
            [$"verify {FromWhereToWhere}", $"verify {FromWhereToWhere} --repositories website --deep"],
            "0 all equal, 1 differences found (whatever --fail-on says) or repositories failed"
        ),
        ["restore"] = new(
            [
                "Missing repositories are created at GitHub, private ones unless --destination-visibility source, under their old names and descriptions.",
                "A GitHub repository that has refs is refused unless --adopt. With --dry-run nothing is written.",
                "With --drill the mirrors are brought back into a scratch folder, compared, walked by libgit2 and removed; nothing is written to GitHub.",
            ],
            [
                "restore --github-owner acme-new --bitbucket-workspace acme-mirror --dry-run",
                "restore --github-owner acme-new --bitbucket-workspace acme-mirror --repositories website",
                $"restore {FromWhereToWhere} --drill --sample 5",
            ],
            "0 done, 1 repositories failed or differ"
        ),
        ["backup"] = new(
            [
                "Writes <owner>/<name>/full-<time>.bundle below --backup-dir first, then incr-<time>.bundle with what is new, and a manifest.json beside them.",
                "'git clone' reads a full bundle, 'git fetch' the ones that follow it. With --check the bundles are read and checked, and no host is asked.",
                "With --check --deep each chain is brought back into a scratch folder too, and libgit2 walks its history.",
            ],
            [
                "backup --github-owner acme --backup-dir /srv/backup",
                "backup --from bitbucket --bitbucket-workspace acme-mirror --backup-dir /srv/backup",
                "backup --check --backup-dir /srv/backup",
                "backup --check --deep --backup-dir /srv/backup",
            ],
            "0 done, 1 repositories failed or, with --check, bundles are damaged"
        ),
    };

    private static readonly CommandHelp s_usual = new(
        [],
        [$"plan {FromWhereToWhere} --repositories 'web*,/^lib-/'"],
        "0 done, 1 repositories failed"
    );

    /// <summary>That of a command of a run; the empty name is the program itself.</summary>
    public static CommandHelp Of(string command) =>
        s_commands.GetValueOrDefault(command)
        ?? (command.Length == 0 ? s_usual : s_usual with { Examples = [.. s_usual.Examples.Select(example => command + example["plan".Length..])] });
}
