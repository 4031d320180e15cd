namespace MirrorAction.TestKit;

/// <summary>A group of <see cref="SandboxGitLab"/>, or the place of a user's own projects.</summary>
public sealed class SandboxGitLabNamespace(long id, string path, bool isUser)
{
    /// <summary>The number of the namespace.</summary>
    public long Id => id;

    /// <summary>The full path: <c>acme/team</c>.</summary>
    public string Path => path;

    /// <summary>A user's, not a group.</summary>
    public bool IsUser => isUser;

    /// <summary><c>private</c>, <c>internal</c> or <c>public</c>: no project may be more visible.</summary>
    public string Visibility { get; set; } = isUser ? "public" : "private";

    /// <summary>Who may create projects: <c>noone</c>, <c>owner</c>, <c>maintainer</c> or <c>developer</c>.</summary>
    public string ProjectCreationLevel { get; set; } = "maintainer";

    /// <summary>The default branch of a new project is protected at its first push, as GitLab has it unless told otherwise.</summary>
    public bool Protects { get; set; } = true;
}

/// <summary>A project of <see cref="SandboxGitLab"/>: what REST tells of it, and the bare repository on disk.</summary>
public sealed class SandboxGitLabProject(long id, SandboxGitLabNamespace place, string path, GitRepository git)
{
    /// <summary>Stays the same when the project is renamed.</summary>
    public long Id => id;

    /// <summary>Where it is.</summary>
    public SandboxGitLabNamespace Namespace => place;

    /// <summary>The last part of its address.</summary>
    public string Path { get; internal set; } = path;

    /// <summary>The name for people.</summary>
    public string Name { get; set; } = path;

    /// <summary>With the namespace: <c>acme/team/site</c>.</summary>
    public string FullPath => $"{place.Path}/{Path}";

    /// <summary>Free text; a mirror is recognised by it.</summary>
    public string Description { get; set; } = "";

    /// <summary><c>private</c>, <c>internal</c> or <c>public</c>.</summary>
    public string Visibility { get; set; } = "private";

    /// <summary>Takes no push.</summary>
    public bool Archived { get; set; }

    /// <summary>A fork of another project.</summary>
    public bool IsFork { get; set; }

    /// <summary><c>disabled</c>: git answers nothing.</summary>
    public string RepositoryAccessLevel { get; set; } = "enabled";

    /// <summary><c>disabled</c>, <c>private</c> or <c>enabled</c>.</summary>
    public string WikiAccessLevel { get; set; } = "enabled";

    /// <summary>Waits for its deletion: it keeps its path, and nobody sees it any more.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Branches that nobody may rewrite or delete.</summary>
    public ISet<string> ProtectedBranches { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>What is on disk.</summary>
    public GitRepository Git { get; internal set; } = git;

    /// <summary>The default branch; an empty project names the one that it would have.</summary>
    public string DefaultBranch => Git.Head;

    public override string ToString() => FullPath;

    /// <summary>Chooses the default branch when there is none yet: <c>main</c>, <c>master</c>, else the first; and protects it.</summary>
    internal void FirstBranchesCame()
    {
        var branches = Git.ForEachRef("refs/heads/").Keys.Select(name => name["refs/heads/".Length..]).Order(StringComparer.Ordinal).ToList();
        if (branches.Count == 0)
            return;
        if (!branches.Contains(Git.RawHead))
            Git.RawHead = branches.Contains("master") ? "master" : branches[0];
        if (place.Protects)
            ProtectedBranches.Add(Git.RawHead);
    }
}
