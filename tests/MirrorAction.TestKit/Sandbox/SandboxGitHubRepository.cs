namespace MirrorAction.TestKit;

/// <summary>A repository of <see cref="SandboxGitHub"/>: what REST tells of it, and the bare repository on disk.</summary>
public sealed class SandboxGitHubRepository(long id, string owner, string name, GitRepository git)
{
    private readonly Lock _lock = new();

    /// <summary>Stays the same when the repository is renamed.</summary>
    public long Id => id;

    /// <summary>The login of the organisation or user.</summary>
    public string Owner { get; internal set; } = owner;

    /// <summary>The name, upper and lower case as given.</summary>
    public string Name { get; internal set; } = name;

    /// <summary>Owner and name.</summary>
    public string FullName => $"{Owner}/{Name}";

    /// <summary>What is on disk.</summary>
    public GitRepository Git { get; internal set; } = git;

    /// <summary>Free text, as people write it.</summary>
    public string? Description { get; set; }

    /// <summary>Seen only by tokens that see private repositories.</summary>
    public bool Private { get; set; }

    /// <summary>A copy of somebody else's repository.</summary>
    public bool Fork { get; set; }

    /// <summary>Read-only.</summary>
    public bool Archived { get; set; }

    /// <summary>Listed, but git answers 403.</summary>
    public bool Disabled { get; set; }

    /// <summary>The wiki is switched on, which says nothing of pages.</summary>
    public bool HasWiki { get; set; } = true;

    /// <summary>Workflows run, as in every repository from its creation on.</summary>
    public bool HasActions { get; set; } = true;

    /// <summary><c>dmca</c> (451) or <c>tos</c> (403): REST and git both refuse; null for neither.</summary>
    public string? BlockReason { get; set; }

    /// <summary>The size as REST lists it, in KiB. GitHub computes it once an hour, so a new repository has none.</summary>
    public long SizeKiB { get; set; }

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

    /// <summary>Full names of refs that a ruleset refuses.</summary>
    public ICollection<string> RulesRefuse { get; } = [];

    /// <summary>The last push, as REST tells it.</summary>
    public DateTimeOffset PushedAt { get; set; } = DateTimeOffset.FromUnixTimeSeconds(RealGit.Epoch);

    /// <summary>After the first push: a default branch that did not come with it gives way to one that did.</summary>
    internal void ChooseDefaultBranch()
    {
        lock (_lock)
        {
            var branches = Git.ForEachRef("refs/heads/").Keys.Order(StringComparer.Ordinal).ToList();
            if (branches is [var first, ..] && !branches.Contains($"refs/heads/{Git.RawHead}"))
                Git.RawHead = first["refs/heads/".Length..];
        }
    }

    public override string ToString() => FullName;
}
