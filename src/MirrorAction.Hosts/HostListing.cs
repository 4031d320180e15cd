namespace MirrorAction.Hosts;

/// <summary>All that a host lists for one owner.</summary>
/// <param name="Repositories">The repositories, each once.</param>
/// <param name="Unusable">What is listed too, and no repository can be made of: what is missing among the repositories may be one of these.</param>
public sealed record HostListing<T>(IReadOnlyList<T> Repositories, IReadOnlyList<UnusableEntry> Unusable);

/// <summary>An entry of a listing with something impossible in it: a name, a size, a value of another type.</summary>
/// <param name="Owner">Whose it is, as the host spells it.</param>
/// <param name="Name">What can be printed of its name; where it has none, its place in the listing.</param>
/// <param name="Id">The host's own id, where it can be read.</param>
/// <param name="Problem">What is wrong, naming the field: the end of a sentence, without a full stop.</param>
public sealed record UnusableEntry(string Owner, string Name, string? Id, string Problem) : IRepositoryName
{
    /// <summary>Who lists it, as people call that host.</summary>
    public string Host { get; init; } = "The host";

    /// <summary><c>owner/name</c>.</summary>
    public string FullName => $"{Owner}/{Name}";
}
