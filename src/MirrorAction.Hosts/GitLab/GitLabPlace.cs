using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitLab;

/// <summary>Where mirrors are created: a group, or a user's own projects.</summary>
/// <param name="Id">The namespace's number.</param>
/// <param name="Path">The full path, as GitLab spells it.</param>
/// <param name="IsUser">A user's own place, not a group.</param>
internal sealed record GitLabTarget(long Id, string Path, bool IsUser);

/// <summary>
/// The place of the mirrors, found out once, and the protection of branches there. GitLab protects the default branch of a project at its first push,
/// unless the group says otherwise: nobody may rewrite or delete it then, a mirror neither. Thread-safe.
/// </summary>
/// <remarks>https://docs.gitlab.com/user/project/repository/branches/default/ · https://docs.gitlab.com/api/protected_branches/</remarks>
/// <param name="client">Asks GitLab.</param>
/// <param name="owner">The full path of the group, or the user's name.</param>
internal sealed class GitLabPlace(GitLabClient client, string owner)
{
    private const int Developer = 30;

    /// <summary>GitLab protects the branch a moment after it took the push.</summary>
    private static readonly TimeSpan[] s_waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    private readonly Lock _lock = new();
    private Task<GitLabTarget>? _finding;
    private Task<bool>? _preparing;

    /// <summary>One project was looked at for as long as a protection may take, and there was none.</summary>
    private volatile bool _isCalm;

    /// <summary>The place; asked for once.</summary>
    /// <exception cref="HostException">GitLab refused, could not be reached, or has no such group and no such user.</exception>
    public Task<GitLabTarget> FindAsync(CancellationToken cancellationToken) => OnceAsync(ref _finding, () => AskAsync(cancellationToken));

    /// <summary>
    /// Sees to it, once, that a group protects no default branch of new projects, where the token may. Where it may not, protections are removed
    /// one by one (<see cref="UnprotectAsync"/>).
    /// </summary>
    /// <exception cref="HostException">The place was not found.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) => OnceAsync(ref _preparing, () => LiftAsync(cancellationToken));

    /// <summary>Removes what GitLab protected by itself in a project. Patterns are a person's and stay. A refusal is told and ends nothing.</summary>
    /// <param name="project">Its full path.</param>
    /// <param name="waits">It got its first refs a moment ago: a protection may be yet to come.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task UnprotectAsync(string project, bool waits, CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(project, waits, cancellationToken);
        }
        catch (HostException e)
        {
            client.Connection.Say(
                $"GitLab may protect branches of {project}, and the protection could not be removed: {e.Message} {e.Failure.Hint} "
                    + GitLabFailures.Unprotect
            );
        }
    }

    /// <summary>A new project's default branch would be protected in this group.</summary>
    public static bool Protects(GitLabGroup group) =>
        group.DefaultBranchProtectionDefaults is { } defaults
            ? !(defaults.AllowForcePush == true && MayDevelopers(defaults.AllowedToPush) && MayDevelopers(defaults.AllowedToMerge))
            : group.DefaultBranchProtection != 0;

    private async Task LookAsync(string project, bool waits, CancellationToken cancellationToken)
    {
        // Known to protect nothing: one look is enough.
        var isUnprotected = _preparing is { IsCompletedSuccessfully: true, Result: true };
        if (await TryUnprotectAsync(project, cancellationToken) || !waits || isUnprotected || _isCalm)
        {
            return;
        }

        foreach (var wait in s_waits)
        {
            await Task.Delay(wait, client.Connection.Time, cancellationToken);
            if (await TryUnprotectAsync(project, cancellationToken))
            {
                return;
            }
        }

        _isCalm = true;
    }

    private Task<T> OnceAsync<T>(ref Task<T>? asked, Func<Task<T>> ask)
    {
        lock (_lock)
        {
            return asked is null or { IsFaulted: true } or { IsCanceled: true } ? asked = ask() : asked;
        }
    }

    private async Task<GitLabTarget> AskAsync(CancellationToken cancellationToken)
    {
        HostException refusal;
        try
        {
            if (await client.Api.GetNamespaceAsync(HostUrl.RequireSegment(owner), cancellationToken) is { Id: > 0 and var id, Kind: { } kind } found)
            {
                return new GitLabTarget(id, Spelled(found.FullPath), kind == "user");
            }

            refusal = RestResponse.NotUnderstood($"GitLab: the request for the namespace {owner}", "it has no id, or not what kind it is");
        }
        catch (HostException e) when (IsRefusal(e))
        {
            refusal = e;
        }

        // Old versions, and tokens that may not ask for namespaces: as a group it may be seen all the same.
        return await FindGroupAsync(cancellationToken) ?? throw refusal;
    }

    private async Task<GitLabTarget?> FindGroupAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.Api.GetGroupAsync(HostUrl.RequireSegment(owner), cancellationToken) is { Id: > 0 and var id } group
                ? new GitLabTarget(id, Spelled(group.FullPath), IsUser: false)
                : null;
        }
        catch (HostException e) when (!e.IsTransient && e.Status is not null)
        {
            return null; // The refusal of the namespace says as much.
        }
    }

    private string Spelled(string? fullPath) => string.Equals(fullPath, owner, StringComparison.OrdinalIgnoreCase) ? fullPath! : owner;

    private static bool IsRefusal(HostException e) => !e.IsTransient && e.Status is 403 or 404 or 405;

    /// <summary>Returns whether the group is known to protect nothing.</summary>
    private async Task<bool> LiftAsync(CancellationToken cancellationToken)
    {
        var place = await FindAsync(cancellationToken);
        if (place.IsUser)
        {
            return false; // The setting is the administrator's.
        }

        try
        {
            if (await client.Api.GetGroupAsync(place.Path, cancellationToken) is { } group && !Protects(group))
            {
                return true;
            }

            List<GitLabAccess?> developers = [new GitLabAccess(Developer)];
            var none = new GitLabProtectionDefaults
            {
                AllowForcePush = true,
                AllowedToPush = developers,
                AllowedToMerge = developers,
            };
            using var changed = await client.Once.ChangeGroupAsync(place.Path, new GitLabGroupChange(none), cancellationToken);
            if (Protects(RestResponse.Of(changed).Make(body => JsonForm.Read(body, GitLabJson.Default.GitLabGroup))))
            {
                return false;
            }

            client.Connection.Say(
                $"GitLab would protect the default branch of every new project in the group {place.Path} against rewrites, which stops a mirror: "
                    + "the group's default for new projects was set to no protection (Settings > Repository > Default branch)."
            );
            return true;
        }
        catch (HostException)
        {
            return false; // Only owners of the group may; the protection of each project is lifted instead.
        }
    }

    private async Task<bool> TryUnprotectAsync(string project, CancellationToken cancellationToken)
    {
        var isAny = false;
        foreach (var rule in await client.Api.GetProtectedBranchesAsync(project, cancellationToken) ?? [])
        {
            if (rule?.Name is not { Length: > 0 } name || name is "." or ".." || name.Contains('*', StringComparison.Ordinal))
            {
                continue;
            }

            try
            {
                using var removed = await client.Api.UnprotectAsync(project, name, cancellationToken);
                isAny = true;
            }
            catch (HostException e) when (e.Status == 404 && !e.IsTransient)
            {
                // Gone meanwhile, or the group's own rule, which no project can lift: the push that it refuses says so.
            }
        }

        return isAny;
    }

    private static bool MayDevelopers(List<GitLabAccess?>? access) => access?.Exists(level => level?.AccessLevel == Developer) == true;
}
