using MirrorAction.Git.Lfs;

namespace MirrorAction.Mirroring.Runs;

/// <summary>What to do about objects of Git LFS that did not move.</summary>
internal static class LfsHints
{
    /// <summary>About single objects.</summary>
    internal const string Objects =
        "In a clone of the source 'git lfs fetch --all' and 'git lfs fsck' name what is damaged there, and 'git lfs push --object-id' sends it again "
        + "from a whole clone. What is too large for the destination needs another limit there. The next run tries these refs again; what has moved "
        + "is not sent twice.";

    private const string WithoutLfs = "With 'lfs: false' only the pointers are mirrored, which some hosts refuse, and no file that they stand for.";

    /// <summary>About a side that gives, or takes, nothing at all.</summary>
    internal static string For(LfsFault fault, bool isSource) =>
        (fault, isSource) switch
        {
            (LfsFault.Quota, true) =>
                "The LFS quota of the source's owner is used up, against which hosts count downloads: raise it there, or wait until it begins anew. "
                    + "What has moved is not asked for again.",
            (LfsFault.Quota, false) =>
                "The LFS storage of the destination is used up, and no ref moved: raise it there, or delete what is no longer needed. " + WithoutLfs,
            (LfsFault.RepositoryQuota, true) => "The repository is over its host's limit of size: make it smaller there, or have the limit raised.",
            (LfsFault.RepositoryQuota, false) =>
                "The mirror is over the destination's limit for one repository, and no ref moved: have the limit raised there. " + WithoutLfs,
            (LfsFault.NotServed, true) => "The source's host has no LFS for this repository: switch it on there. " + WithoutLfs,
            (LfsFault.NotServed, false) =>
                "The repository uses Git LFS, which the destination does not have, or not for this mirror: switch it on in the mirror's settings, or "
                    + "have an administrator of the server do it. "
                    + WithoutLfs,
            (_, true) => "Give credentials that may read the repository's LFS objects.",
            (_, false) => "Give credentials that may write the mirror, and see whether Git LFS is switched on in its settings. " + WithoutLfs,
        };
}
