namespace MirrorAction.Hosts;

/// <summary>Looks at a destination before a run relies on it. Only asks; refusals are findings.</summary>
public interface IDestinationDiagnostics
{
    /// <summary>
    /// Looks at what decides whether a mirror can write: the way to the host, whose the credentials are, what they may do, the workspace, the
    /// project.
    /// </summary>
    /// <param name="projects">Keys of the projects, besides the one for all, into which repositories are to go.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<HostDiagnostics> ExamineAsync(IReadOnlyCollection<string> projects, CancellationToken cancellationToken);

    /// <summary>Looks at existing mirrors for rules that would refuse a push, within a bounded number of requests. Refusals are findings.</summary>
    Task<IReadOnlyList<Diagnostic>> ExamineMirrorsAsync(IReadOnlyList<Repository> mirrors, CancellationToken cancellationToken);
}
