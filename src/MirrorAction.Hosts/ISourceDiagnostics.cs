namespace MirrorAction.Hosts;

/// <summary>Looks at a source before a run relies on it. Only asks; refusals are findings.</summary>
public interface ISourceDiagnostics
{
    /// <summary>
    /// Looks at what decides whether a mirror can read: the way to the host, whose the credentials are, what they may do, how many requests they
    /// have.
    /// </summary>
    /// <param name="owners">Whose repositories are to be read, at least one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<HostDiagnostics> ExamineAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken);

    /// <summary>Looks into repositories for what a mirror trips over, within a bounded number of requests. Refusals are findings.</summary>
    Task<IReadOnlyList<Diagnostic>> ExamineContentsAsync(IReadOnlyList<Repository> repositories, CancellationToken cancellationToken);

    /// <summary>
    /// The states of a repository's workflows in the host's words, by the names of their files: <c>active</c>, <c>disabled_inactivity</c>, … Empty
    /// where the host has none, or does not tell these credentials.
    /// </summary>
    /// <param name="owner">Whose the repository is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyDictionary<string, string>> ListWorkflowStatesAsync(string owner, string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());
}
