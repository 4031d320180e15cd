namespace MirrorAction.TestKit;

/// <summary>A repository of <see cref="SandboxDataCenter"/>: what REST tells of it, and the bare repository on disk.</summary>
public sealed class SandboxDataCenterRepository(long id, SandboxDataCenterProject project, string slug, GitRepository git)
{
    /// <summary>The id; stays the same when the repository is renamed.</summary>
    public long Id => id;

    /// <summary>Its project.</summary>
    public SandboxDataCenterProject Project => project;

    /// <summary>The last part of its address.</summary>
    public string Slug { get; internal set; } = slug;

    /// <summary>The name for people, of which the slug is made.</summary>
    public string Name { get; internal set; } = slug;

    /// <summary>Key of the project and slug.</summary>
    public string FullName => $"{Project.Key}/{Slug}";

    /// <summary>Free text; a mirror is recognised by it.</summary>
    public string Description { get; set; } = "";

    /// <summary>For everyone to see.</summary>
    public bool IsPublic { get; set; }

    /// <summary>Closed to pushes; told since 8.0.</summary>
    public bool IsArchived { get; set; }

    /// <summary>A fork of another repository.</summary>
    public bool IsFork { get; set; }

    /// <summary>Not to be seen by anybody: left out of listings, where its place is skipped.</summary>
    public bool IsHidden { get; set; }

    /// <summary><c>AVAILABLE</c>, <c>INITIALISING</c>, …</summary>
    public string State { get; set; } = "AVAILABLE";

    /// <summary>Branches that can only be changed by pull requests.</summary>
    public ICollection<string> RestrictedBranches { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The hook "Reject Force Push" is enabled.</summary>
    public bool RejectsForcePush { get; set; }

    /// <summary>What is on disk.</summary>
    public GitRepository Git { get; internal set; } = git;

    /// <summary>The default branch; null while there is no branch of its name.</summary>
    public string? MainBranch => Git.HasRef($"refs/heads/{Git.Head}") ? Git.Head : null;

    public override string ToString() => FullName;
}

/// <summary>A project of <see cref="SandboxDataCenter"/>, or what a user has under <c>~user</c>.</summary>
/// <param name="Key">As the server spells it.</param>
/// <param name="Name">The name for people.</param>
public sealed record SandboxDataCenterProject(string Key, string Name)
{
    /// <summary>Every repository in it is for everyone to see.</summary>
    public bool IsPublic { get; set; }
}

/// <summary>What an HTTP access token may do; each includes those before.</summary>
public enum DataCenterPermission
{
    /// <summary>See and fetch.</summary>
    Read,

    /// <summary>Push.</summary>
    Write,

    /// <summary>Change repositories.</summary>
    RepositoryAdmin,

    /// <summary>Create repositories.</summary>
    ProjectAdmin,
}

/// <summary>An HTTP access token.</summary>
/// <param name="Secret">The token.</param>
/// <param name="User">Whose it is; null for a token of a project.</param>
/// <param name="Permission">What it may do.</param>
public sealed record DataCenterToken(string Secret, string? User, DataCenterPermission Permission)
{
    /// <summary>The key of the project that it is for; null for all that the user sees.</summary>
    public string? Project { get; init; }

    internal bool May(DataCenterPermission permission, string project) =>
        Permission >= permission && (Project is null || Project.Equals(project, StringComparison.OrdinalIgnoreCase));
}
