using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Inputs;

/// <summary>The inputs that say which repositories a run is about.</summary>
internal static class SelectionInputs
{
    private const string Group = "Which repositories";

    public static ActionInput<IReadOnlyList<NamePattern>> Repositories { get; } =
        new("repositories", InputKind.List, InputFormat.NamePatterns)
        {
            Group = Group,
            Summary = "Names to take: globs or /regex/",
            Text =
                "Names of the repositories to take: globs such as `web*`, or regular "
                + "expressions between slashes such as `/^lib-\\d+$/`; separated by "
                + "comma or newline.",
            Default = "*",
            DefaultText = "`*`, all",
        };

    public static ActionInput<IReadOnlyList<NamePattern>?> Exclude { get; } =
        new("exclude", InputKind.List, InputFormat.NamePatterns)
        {
            Group = Group,
            Summary = "Names to leave out, same form; wins",
            Text = "Names of repositories to leave out, in the same form; wins over `repositories`.",
            DefaultText = "none",
        };

    public static ActionInput<bool?> Visibility { get; } =
        ActionInput.Choice<bool?>(
            "visibility",
            "Take `all` repositories, only `public` or only `private` ones.",
            [("all", null), ("public", false), ("private", true)],
            "all"
        ) with
        {
            Group = Group,
            Summary = "Public ones, private ones or all",
        };

    public static ActionInput<Inclusion> Forks { get; } =
        ActionInput.Choice("forks", "Whether to include forks: `include`, `exclude`, or `only` to take nothing else.", Inclusions, "exclude") with
        {
            Group = Group,
            Summary = "Whether to include forks",
        };

    public static ActionInput<Inclusion> Archived { get; } =
        ActionInput.Choice(
            "archived",
            "Whether to include archived repositories: `include`, `exclude`, or `only` to take nothing else.",
            Inclusions,
            "include"
        ) with
        {
            Group = Group,
            Summary = "Whether to include archived repositories",
        };

    public static ActionInput<bool> Wikis { get; } =
        ActionInput.Boolean(
            "wikis",
            byDefault: false,
            "Whether to take the wiki of each repository that has one, too: `true` or `false`. It goes to the wiki that the destination has for the "
                + "mirror (GitLab, Gitea, GitHub), else to a repository `<slug>.wiki` beside the mirror."
        ) with
        {
            Group = Group,
            Summary = "Take the repositories' wikis, too",
        };

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<ActionInput> All { get; } = [Repositories, Exclude, Visibility, Forks, Archived, Wikis];

    private static (string, Inclusion)[] Inclusions => [("include", Inclusion.Include), ("exclude", Inclusion.Exclude), ("only", Inclusion.Only)];

    /// <summary>Which repositories are meant.</summary>
    public static RepositoryFilter Read(CheckedInputs inputs) =>
        new()
        {
            Include = inputs.Read(Repositories),
            Exclude = inputs.Read(Exclude) ?? [],
            IncludeOrigin = inputs.Label(Repositories),
            ExcludeOrigin = inputs.Label(Exclude),
            OnlyPrivate = inputs.Read(Visibility),
            Forks = inputs.Read(Forks),
            Archived = inputs.Read(Archived),
        };
}
