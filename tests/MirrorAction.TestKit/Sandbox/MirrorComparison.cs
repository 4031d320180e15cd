namespace MirrorAction.TestKit;

/// <summary>Holds a GitHub-like organisation against its mirror, ref by ref, by what lies on disk.</summary>
public static class MirrorComparison
{
    /// <summary>What differs, in words; empty when the mirror is faithful.</summary>
    /// <param name="source">The original.</param>
    /// <param name="owner">Its organisation.</param>
    /// <param name="destination">The mirror.</param>
    /// <param name="workspace">Its workspace.</param>
    /// <param name="isMirrored">Which repositories must be there; by default all but forks and disabled ones.</param>
    /// <param name="fsck">Whether to check every object of the mirror too.</param>
    public static IReadOnlyList<string> Compare(
        SandboxGitHub source,
        string owner,
        SandboxBitbucket destination,
        string workspace,
        Predicate<SandboxGitHubRepository>? isMirrored = null,
        bool fsck = true
    )
    {
        isMirrored ??= repository => repository is { Fork: false, Disabled: false, BlockReason: null };
        var mirrors = destination.Repositories.Where(repository => repository.Workspace == workspace).ToList();
        var problems = new List<string>();
        foreach (var repository in source.Repositories.Where(repository => repository.Owner == owner))
        {
            var found = mirrors.FindAll(mirror => mirror.Description.EndsWith($"(id {repository.Id})", StringComparison.Ordinal));
            if (!isMirrored(repository))
                problems.AddRange(
                    found
                        .Where(mirror => mirror.Git.ForEachRef().Count > 0)
                        .Select(mirror => $"{mirror}: holds {repository}, which is not to be mirrored")
                );
            else if (found is [var mirror])
                problems.AddRange(Compare(repository, mirror, fsck));
            else
                problems.Add(found.Count == 0 ? $"{repository}: has no mirror" : $"{repository}: has {found.Count} mirrors");
        }

        return problems;
    }

    /// <summary>Branches and tags that the mirror keeps for itself are left out.</summary>
    private static IEnumerable<string> Compare(SandboxGitHubRepository repository, SandboxBitbucketRepository mirror, bool fsck)
    {
        var expected = repository.Git.BranchesAndTags();
        var actual = mirror.Git.ForEachRef().Where(entry => !entry.Key.StartsWith("refs/tags/mirror-kept/", StringComparison.Ordinal)).ToDictionary();
        foreach (var (name, id) in expected)
        {
            if (!actual.TryGetValue(name, out var mirrored))
                yield return $"{mirror}: {name} is missing";
            else if (mirrored != id)
                yield return $"{mirror}: {name} is {mirrored}, not {id}";
        }

        foreach (var name in actual.Keys.Where(name => !expected.ContainsKey(name)))
            yield return $"{mirror}: {name} is too much";

        if (expected.ContainsKey($"refs/heads/{repository.DefaultBranch}") && mirror.MainBranch != repository.DefaultBranch)
            yield return $"{mirror}: main branch is {mirror.MainBranch}, not {repository.DefaultBranch}";

        if (fsck && Damage(mirror) is { } damage)
            yield return $"{mirror}: {damage}";
    }

    private static string? Damage(SandboxBitbucketRepository mirror)
    {
        try
        {
            mirror.Git.Fsck();
            return null;
        }
        catch (GitFailedException e)
        {
            return e.Message;
        }
    }
}
