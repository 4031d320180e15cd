namespace MirrorAction.TestKit;

/// <summary>A repository of <see cref="SandboxBitbucket"/>: what REST tells of it, and the bare repository on disk.</summary>
public sealed class SandboxBitbucketRepository(string workspace, string slug, GitRepository git)
{
    /// <summary>In braces; stays the same when the repository is renamed.</summary>
    public string Uuid { get; } = $"{{{Guid.NewGuid()}}}";

    /// <summary>The slug of the workspace.</summary>
    public string Workspace => workspace;

    /// <summary>The last part of its address.</summary>
    public string Slug { get; internal set; } = slug;

    /// <summary>The name for people.</summary>
    public string Name { get; set; } = slug;

    /// <summary>Workspace and slug.</summary>
    public string FullName => $"{Workspace}/{Slug}";

    /// <summary>Free text; a mirror is recognised by it.</summary>
    public string Description { get; set; } = "";

    /// <summary>Not for everyone to see.</summary>
    public bool IsPrivate { get; set; } = true;

    /// <summary>The key of its project.</summary>
    public string Project { get; set; } = "ACME";

    /// <summary>It was forked from another.</summary>
    public bool IsFork { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedOn { get; init; }

    /// <summary>The last change or push.</summary>
    public DateTimeOffset UpdatedOn { get; set; }

    /// <summary>Branches that nobody may push to.</summary>
    public ICollection<string> RestrictedBranches { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>What is on disk.</summary>
    public GitRepository Git { get; internal set; } = git;

    /// <summary>
    /// The main branch; null while there are no branches. The first push decides: <c>main</c>, else <c>master</c>, else the first by name. Of a name
    /// that is not UTF-8 text shows U+FFFD.
    /// </summary>
    public string? MainBranch
    {
        get
        {
            var head = Git.Head;
            if (Git.HasRef($"refs/heads/{head}"))
                return head;
            if (!Git.HasBranches())
                return null;
            var branches = Git.ForEachRef("refs/heads/").Keys.Select(name => name["refs/heads/".Length..]).ToList();
            if (!branches.Contains(Git.RawHead))
                Git.RawHead = ((string[])["main", "master"]).FirstOrDefault(branches.Contains) ?? branches.Order(StringComparer.Ordinal).First();
            return Git.Head;
        }
    }

    /// <summary>The bytes on disk.</summary>
    public long Size =>
        new DirectoryInfo(Path.Combine(Git.Path, "objects")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public override string ToString() => FullName;
}
