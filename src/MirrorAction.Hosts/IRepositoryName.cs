namespace MirrorAction.Hosts;

/// <summary>What a repository of the source is called: filters, rules and shards go by it.</summary>
public interface IRepositoryName
{
    /// <summary>The organisation or user, as the host spells it.</summary>
    string Owner { get; }

    /// <summary>The name, as the host spells it.</summary>
    string Name { get; }

    /// <summary><c>owner/name</c>.</summary>
    string FullName { get; }
}
