namespace MirrorAction.TestKit;

/// <summary>A repository of <see cref="SandboxGitea"/>: what REST tells of it, and the bare repository on disk.</summary>
public sealed class SandboxGiteaRepository(long id, string owner, string name, GitRepository git)
{
    private readonly Lock _lock = new();

    /// <summary>Stays the same when the repository is renamed.</summary>
    public long Id => id;

    /// <summary>The organisation or user.</summary>
    public string Owner => owner;

    /// <summary>The name, upper and lower case as given.</summary>
    public string Name { get; internal set; } = name;

    /// <summary>Owner and name.</summary>
    public string FullName => $"{Owner}/{Name}";

    /// <summary>What is on disk.</summary>
    public GitRepository Git { get; internal set; } = git;

    /// <summary>Free text; a mirror is recognised by it.</summary>
    public string Description { get; set; } = "";

    /// <summary>Seen only by those who may.</summary>
    public bool Private { get; set; }

    /// <summary>Nobody but the owner sees it, members of an organisation neither; the host counts it all the same.</summary>
    public bool Hidden { get; set; }

    /// <summary>A copy of somebody else's repository.</summary>
    public bool Fork { get; set; }

    /// <summary>Read-only.</summary>
    public bool Archived { get; set; }

    /// <summary>A pull mirror, which the host fills by itself: nobody can push to it.</summary>
    public bool Mirror { get; set; }

    /// <summary>The wiki is switched on.</summary>
    public bool HasWiki { get; set; } = true;

    /// <summary>The branch that the wiki shows, and its first page is made on.</summary>
    public string WikiBranch { get; set; } = "main";

    /// <summary>Issues are switched on.</summary>
    public bool HasIssues { get; set; } = true;

    /// <summary>Pull requests are switched on.</summary>
    public bool HasPullRequests { get; set; } = true;

    /// <summary>Workflows that are pushed run.</summary>
    public bool HasActions { get; set; } = true;

    /// <summary>Branches that nobody may push, rewrite or delete.</summary>
    public ICollection<string> ProtectedBranches { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The default branch, which need not exist in an empty repository; kept as HEAD of the repository on disk.</summary>
    public string DefaultBranch
    {
        get => Git.Head;
        set
        {
            lock (_lock)
                Git.Head = value;
        }
    }

    /// <summary>The bytes on disk.</summary>
    public long Size =>
        new DirectoryInfo(Path.Combine(Git.Path, "objects")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>Adds a pull request: a ref that is advertised, which no mirror may send.</summary>
    public void AddPull(int number, string id) => Git.UpdateRef($"refs/pull/{number}/head", id);

    public override string ToString() => FullName;

    /// <summary>After the first push: a default branch that did not come with it gives way to one that did.</summary>
    internal void ChooseDefaultBranch()
    {
        lock (_lock)
        {
            var branches = Git.ForEachRef("refs/heads/").Keys.Select(found => found["refs/heads/".Length..]).Order(StringComparer.Ordinal).ToList();
            if (branches is [var first, ..] && !branches.Contains(Git.RawHead))
                Git.RawHead = ((string[])["main", "master"]).FirstOrDefault(branches.Contains) ?? first;
        }
    }
}
