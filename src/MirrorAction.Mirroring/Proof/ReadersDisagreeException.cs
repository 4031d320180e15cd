namespace MirrorAction.Mirroring.Proof;

/// <summary>A repository that this program's own reader has found whole, and the second one has not. The message has both verdicts.</summary>
internal sealed class ReadersDisagreeException(string message) : Exception(message)
{
    /// <summary>What to do, behind whatever is to be done about the repository's source.</summary>
    internal const string Hint =
        "Ask a third reader: 'git clone --mirror' it and run 'git fsck --full' there. If "
        + "git finds it whole, this is a fault of MirrorAction or of libgit2; please report it.";
}
