namespace MirrorAction.Simulation;

/// <summary>What a world can have that the program is known to take badly.</summary>
internal enum Trouble
{
    /// <summary>Source tags with names of the mirror's own.</summary>
    ReservedNames,

    /// <summary>Branches of which the kept name is too long.</summary>
    LongNames,

    /// <summary>Hosts that take no kept tags.</summary>
    RefusedKeeping,

    /// <summary>Others' repositories that have something in common with a source.</summary>
    Relatives,

    /// <summary>Empty mirrors of a source that was deleted and made anew: filled, but marked only once all is verified.</summary>
    EmptyMirrorsOfOthers,

    /// <summary>Mirrors whose description a person edited.</summary>
    EditedMarks,

    /// <summary>Visibility that changes, or that a host decides.</summary>
    Exposure,

    /// <summary>Kept tags that have expired, and can't be removed: nobody is told.</summary>
    UntoldRefusals,

    /// <summary>Objects that fsck refuses.</summary>
    UnsoundObjects,

    /// <summary>Objects that a source can't read.</summary>
    UnreadableObjects,

    /// <summary>GitHub's rulesets.</summary>
    Rulesets,

    /// <summary>Hosts that limit the refs of a push.</summary>
    RefLimits,

    /// <summary>Default branches whose name is no text.</summary>
    OddDefaultBranches,

    /// <summary>Answers that repeat a credential, in whatever form.</summary>
    EchoedSecrets,
}

/// <summary>What simulations leave out, because the program is known to take it badly. Empty is the aim.</summary>
internal static class KnownViolations
{
    private static readonly Trouble[] s_known =
    [
        Trouble.RefLimits,
    ];

    /// <summary>Whether simulations leave it out.</summary>
    public static bool Has(Trouble trouble) => Array.IndexOf(s_known, trouble) >= 0;
}
