using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;

namespace MirrorAction.Inputs;

/// <summary>The inputs that say what happens to refs.</summary>
internal static class RefInputs
{
    /// <summary>The heading in the help.</summary>
    public const string Group = "What happens to refs";

    public static ActionInput<RefPatternSet> Refs { get; } =
        new("refs", InputKind.List, InputFormat.RefPatterns)
        {
            Group = Group,
            Summary = "Patterns of refs to mirror; ^ in front leaves out",
            Text =
                "Patterns of the refs to mirror, separated by comma or newline, each a full name with at most one `*`; a leading `^` leaves refs out "
                + "again. `refs/pull/*` is never mirrored.",
            Default = "refs/heads/*,refs/tags/*",
        };

    public static ActionInput<bool> Prune { get; } =
        ActionInput.Boolean(
            "prune",
            byDefault: true,
            "Whether to delete mirrored refs that the source no longer has: `true` or `false`; see `prune-limit`."
        ) with
        {
            Group = Group,
            Summary = "Delete refs that the source no longer has",
        };

    public static ActionInput<PruneLimit> PruneLimit { get; } =
        new("prune-limit", InputKind.Text, InputFormat.PruneLimit)
        {
            Group = Group,
            Summary = "Refuse to delete more refs than this share or count",
            Text =
                "How many refs may be deleted in one repository at once: a share such as `50%` or a number such as `20`. Above it, and above 5, the "
                + "repository is refused and nothing in it changes.",
            Default = "50%",
            Pattern = "^([0-9]{1,9}|(100|[0-9]{1,2})%)$",
        };

    public static ActionInput<bool> KeepOverwritten { get; } =
        ActionInput.Boolean(
            "keep-overwritten",
            byDefault: true,
            "Whether to keep the old value of what is rewritten, moved or deleted, under `refs/tags/mirror-kept/<time>/`, before it goes: `true` or "
                + "`false`. A ref whose old value the destination would not keep is left as it is."
        ) with
        {
            Group = Group,
            Summary = "Keep rewritten and deleted tips under refs/tags/mirror-kept/",
        };

    public static ActionInput<int> KeepDays { get; } =
        ActionInput.Number("keep-days", 0, 36_500, "90", "For how many days such kept values live; `0` is for ever.") with
        {
            Group = Group,
            Summary = "Days such kept tips live; 0 = for ever",
        };

    public static ActionInput<bool> Adopt { get; } =
        ActionInput.Boolean(
            "adopt",
            byDefault: false,
            "Whether to mirror into an existing repository that does not look like this mirror: `true` or `false`. Its refs are then overwritten."
        ) with
        {
            Group = Group,
            Summary = "Mirror even into a repository that is not this mirror yet",
        };

    public static ActionInput<LfsMode> Lfs { get; } =
        ActionInput.Choice(
            "lfs",
            "Whether to mirror the objects of Git LFS, before the refs that need them: `auto` in repositories where any `.gitattributes` of the "
                + "default branch has `filter=lfs`, `true` in every repository, `false` in none, with a warning where LFS is in use.",
            [("auto", LfsMode.Auto), ("true", LfsMode.Always), ("false", LfsMode.Never)],
            "auto"
        ) with
        {
            Group = Group,
            Summary = "Mirror Git LFS objects: auto where LFS is in use, true, false",
        };

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<ActionInput> All { get; } = [Refs, Prune, PruneLimit, KeepOverwritten, KeepDays, Adopt, Lfs];

    /// <summary>How each repository is mirrored.</summary>
    public static RefOptions Read(CheckedInputs inputs) =>
        new()
        {
            Patterns = inputs.Read(Refs),
            Prune = inputs.Read(Prune),
            PruneLimit = inputs.Read(PruneLimit),
            KeepOverwritten = inputs.Read(KeepOverwritten),
            KeepFor = inputs.Read(KeepDays) is > 0 and var days ? TimeSpan.FromDays(days) : null,
            Adopt = inputs.Read(Adopt),
            Lfs = inputs.Read(Lfs),
            MaxAttempts = inputs.Read(RunInputs.MaxAttempts),
        };
}
