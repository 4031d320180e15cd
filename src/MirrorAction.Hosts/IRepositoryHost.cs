namespace MirrorAction.Hosts;

/// <summary>A host by one credential, in either role.</summary>
public interface IRepositoryHost
{
    /// <summary>Its repositories are read.</summary>
    IRepositorySource Source { get; }

    /// <summary>Its repositories are written.</summary>
    /// <param name="owner">Whose they are.</param>
    IRepositoryDestination DestinationOf(string owner);
}
