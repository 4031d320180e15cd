using MirrorAction.Git.Model;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Inputs;

/// <summary>The table of what a rule of the configuration file can hold. The reader and the schema come from it.</summary>
internal static class RuleSettings
{
    /// <summary>The key of the configuration file under which the rules stand.</summary>
    public const string Key = "rules";

    public static ActionInput<IReadOnlyList<NamePattern>?> Match { get; } =
        new("match", InputKind.List, InputFormat.NamePatterns)
        {
            Text =
                "Names of the repositories that the rule is for: globs such as `web*`, "
                + "or regular expressions between slashes such as `/^lib-/`; a glob "
                + "with a slash is held against `owner/name`. Required.",
        };

    public static ActionInput<bool?> Skip { get; } =
        new("skip", InputKind.Boolean, text => InputFormat.Boolean(text)) { Text = "Whether to leave these repositories out: `true` or `false`." };

    /// <summary>As the schema and the documentation know it: what every kind of host may take.</summary>
    public static ActionInput<string?> Slug { get; } =
        new("slug", InputKind.Text, text => text)
        {
            Text =
                "Name of the mirror at the destination (the slug) instead of the one made from the repository's name; one that the destination "
                + "keeps as it is. At Bitbucket: lower-case letters, digits, `_`, `-` and `.`, at most 62; at least one letter or digit, no `-` at "
                + "either end, no `--`.",
            Pattern = "^[A-Za-z0-9_.-]+$",
        };

    public static ActionInput<MirrorVisibility?> Visibility { get; } =
        ActionInput.Choice<MirrorVisibility?>(
            "visibility",
            "Visibility of the mirror: `private`, `public`, or `source` for the same "
                + "as at the source. A mirror that is there already is changed to it; what "
                + "is private at the source is never made public.",
            [("private", MirrorVisibility.Private), ("public", MirrorVisibility.Public), ("source", MirrorVisibility.Source)],
            byDefault: null
        );

    public static ActionInput<string?> Project { get; } =
        new("project", InputKind.Text, BitbucketInputs.ParseProjectKey)
        {
            Text =
                "Key of the project of Bitbucket Cloud in which the mirror is created; other destinations have no projects, and it changes nothing "
                + "there. A mirror that is there already stays where it is.",
            Pattern = BitbucketInputs.ProjectKeyPattern,
        };

    public static ActionInput<RefPatternSet?> Refs { get; } =
        new("refs", InputKind.List, InputFormat.RefPatterns)
        {
            Text = "Patterns of the refs to mirror, each a full name with at most one `*`; a leading `^` leaves refs out again.",
        };

    public static ActionInput<bool?> Prune { get; } =
        new("prune", InputKind.Boolean, text => InputFormat.Boolean(text))
        {
            Text = "Whether to delete mirrored refs that the source no longer has: `true` or `false`.",
        };

    public static ActionInput<PruneLimit?> PruneLimit { get; } =
        new("prune-limit", InputKind.Text, text => InputFormat.PruneLimit(text))
        {
            Text = "How many refs may be deleted at once: a share such as `50%` or a number such as `20`.",
            Pattern = RefInputs.PruneLimit.Pattern,
        };

    /// <summary><see cref="Slug"/> as a kind of host judges it.</summary>
    public static ActionInput<string?> SlugAt(HostDefinition destination) =>
        new(Slug.Name, Slug.Kind, text => destination.SlugFor(text) is var kept && kept == text ? text : throw NotKept(text, kept, destination))
        {
            Text = Slug.Text,
        };

    private static FormatException NotKept(string text, string kept, HostDefinition destination) =>
        new($"{InputFormat.Shown(text)} is not a name that {destination.Name} keeps as it is; {InputFormat.Shown(kept)} would be one.");

    /// <summary>Every setting of a rule, in the order of the documentation.</summary>
    public static IReadOnlyList<ActionInput> All { get; } = [Match, Skip, Slug, Visibility, Project, Refs, Prune, PruneLimit];
}
