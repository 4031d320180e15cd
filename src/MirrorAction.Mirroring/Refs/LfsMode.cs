namespace MirrorAction.Mirroring.Refs;

/// <summary>Which repositories are searched for objects of Git LFS.</summary>
public enum LfsMode
{
    /// <summary>Those that use it: any <c>.gitattributes</c> of the default branch has <c>filter=lfs</c>.</summary>
    Auto,

    /// <summary>Every one.</summary>
    Always,

    /// <summary>None, with a warning about each that uses it.</summary>
    Never,
}
