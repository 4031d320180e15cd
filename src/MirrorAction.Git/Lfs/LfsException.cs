using MirrorAction.Git.Model;

namespace MirrorAction.Git.Lfs;

/// <summary>No object of Git LFS can be read from, or stored at, one side: what is said of one would be said of all.</summary>
public sealed class LfsException(string message, LfsFault fault) : GitException(message)
{
    /// <summary>What is wrong.</summary>
    public LfsFault Fault { get; } = fault;

    /// <inheritdoc/>
    public override bool IsTransient => false;
}

/// <summary>Why a side has no use for any object.</summary>
public enum LfsFault
{
    /// <summary>Storage or bandwidth of the repository's owner is used up: what is said of one repository would be said of all.</summary>
    Quota,

    /// <summary>The repository is as large as a repository may be.</summary>
    RepositoryQuota,

    /// <summary>The server has no LFS, or it is switched off there.</summary>
    NotServed,

    /// <summary>The credential may not do it.</summary>
    Forbidden,
}

/// <summary>One object could not be moved; others may be.</summary>
internal sealed class LfsObjectException(string message, bool isMissing = false) : Exception(message)
{
    /// <summary>The source itself no longer has it.</summary>
    internal bool IsMissing { get; } = isMissing;
}
