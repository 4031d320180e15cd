namespace MirrorAction.Hosts;

/// <summary>How hosts call the git repository of a wiki: <c>NAME.wiki</c>, at <c>NAME.wiki.git</c>.</summary>
public static class WikiAddress
{
    /// <summary>What follows the name of the repository.</summary>
    public const string Suffix = ".wiki";

    private const string GitExtension = ".git";

    /// <summary>Whether a name or path is that of a wiki.</summary>
    public static bool Is(string name) => name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where git finds the wiki of the repository at an address.</summary>
    internal static Uri OfGit(Uri repository)
    {
        var address = repository.AbsoluteUri;
        var stem = address.EndsWith(GitExtension, StringComparison.Ordinal) ? address[..^GitExtension.Length] : address;
        return new Uri(stem + Suffix + GitExtension);
    }
}
