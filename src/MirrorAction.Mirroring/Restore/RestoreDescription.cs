using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Restore;

/// <summary>
/// The description of a repository whose restore is not finished: <c>Unfinished restore of bitbucket.org/acme-mirror/website</c>. The real one takes
/// its place in the end, so that a run which finds it goes on where an earlier one was stopped.
/// </summary>
internal static class RestoreDescription
{
    /// <summary>The description while a mirror is restored.</summary>
    internal static string For(Repository mirror) => $"Unfinished restore of {mirror.HostName}/{mirror.FullName}";

    /// <summary>Whether the repository was created to restore this mirror, and is not finished.</summary>
    internal static bool IsOn(Repository repository, Repository mirror) =>
        repository.Description.Equals(For(mirror), StringComparison.OrdinalIgnoreCase);
}
