using MirrorAction.TestKit;

namespace MirrorAction.Sandbox;

/// <summary>One repository that can't be mirrored at first, because Bitbucket has another one of its name; and what helps.</summary>
internal sealed class TakenName
{
    private const string Name = "newsletter";

    private readonly SandboxBitbucketRepository _other;

    private TakenName(SandboxBitbucketRepository other) => _other = other;

    /// <summary>The other repository still has the name.</summary>
    public bool IsInTheWay => _other.Slug == Name;

    /// <summary>Adds both repositories.</summary>
    public static TakenName Seed(SandboxGitHub gitHub, SandboxBitbucket bitbucket)
    {
        gitHub.AddRepository(SampleOrganization.Owner, Name).Git.Commit("README.md", "What acme writes to its customers\n");
        var other = bitbucket.AddRepository("acme-mirror", Name);
        other.Git.Commit("notes.md", "Nothing to do with it\n");
        return new(other);
    }

    /// <summary>Does what the run advised.</summary>
    /// <returns>What was done, in words.</returns>
    public string Fix(SandboxBitbucket bitbucket)
    {
        bitbucket.Rename(_other, $"{Name}-of-somebody-else");
        return $"As the run advised, the other repository was renamed at Bitbucket: now {Name} gets its mirror.";
    }

    /// <summary>The repository that is no mirror.</summary>
    public bool IsOf(SandboxBitbucketRepository repository) => repository == _other;

    /// <summary>Which repositories of GitHub must have a mirror after a run.</summary>
    public bool MustBeMirrored(SandboxGitHubRepository repository) =>
        repository is { Fork: false, Disabled: false, BlockReason: null } && !(IsInTheWay && repository.Name == Name);
}
