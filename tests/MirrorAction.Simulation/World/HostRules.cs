namespace MirrorAction.Simulation.World;

/// <summary>How a host words that it refuses a ref, and what else of the push goes down with it.</summary>
internal enum Refusing
{
    /// <summary>An update hook: this ref only.</summary>
    UpdateHook,

    /// <summary>Bitbucket's branch restriction, by a pre-receive hook: the whole push.</summary>
    Bitbucket,

    /// <summary>GitLab's protected branch, by a pre-receive hook: the whole push.</summary>
    GitLab,

    /// <summary>GitHub's ruleset: the whole push.</summary>
    GitHub,
}

/// <summary>What a host that limits the refs of a push does with a larger one.</summary>
internal enum Limiting
{
    /// <summary>Declines it and names the limit.</summary>
    Names,

    /// <summary>Declines it without a number.</summary>
    Declines,

    /// <summary>Closes the connection.</summary>
    BreaksOff,
}

/// <summary>What the host of a mirror refuses, whoever asks.</summary>
internal sealed class HostRules
{
    /// <summary>Refs that nobody may move: full names.</summary>
    public HashSet<string> Protected { get; } = new(StringComparer.Ordinal);

    /// <summary>No tag below <c>mirror-kept</c> is taken.</summary>
    public bool RefusesKept { get; set; }

    /// <summary>In whose words.</summary>
    public Refusing Words { get; set; } = Refusing.UpdateHook;

    /// <summary>Every object that arrives is checked (<c>transfer.fsckObjects</c>).</summary>
    public bool ChecksObjects { get; set; }

    /// <summary>Commands that one push may have; null for any number.</summary>
    public int? MaxRefs { get; set; }

    /// <summary>What happens beyond.</summary>
    public Limiting Beyond { get; set; }

    /// <summary>No new object is taken: the repository is as large as it may be.</summary>
    public bool IsFull { get; set; }

    /// <summary>Whether the host refuses to move the ref at all.</summary>
    public bool Refuses(string name) =>
        Protected.Contains(name) || (RefusesKept && name.StartsWith(SimRepository.Kept + "/", StringComparison.Ordinal));

    /// <summary>Everything is allowed again.</summary>
    public void Lift()
    {
        Protected.Clear();
        RefusesKept = false;
        IsFull = false;
        ChecksObjects = false;
        MaxRefs = null;
    }
}
