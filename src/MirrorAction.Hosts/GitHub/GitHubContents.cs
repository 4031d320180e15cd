using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>
/// Looks into the default branches of repositories for Git LFS and big files: one request for each of the largest repositories, two for the big ones.
/// </summary>
/// <param name="access">Who asks.</param>
/// <param name="repositories">Those that are to be mirrored.</param>
/// <param name="allowance">How many requests may be spent; null when the host does not count.</param>
internal sealed class GitHubContents(IGitHubAccess access, IReadOnlyList<Repository> repositories, int? allowance)
{
    /// <summary>Of so many repositories, the largest, <c>.gitattributes</c> is read.</summary>
    public const int MaxAttributes = 200;

    /// <summary>Of so many repositories, the largest, the files are listed.</summary>
    public const int MaxTrees = 25;

    /// <summary>A file over the limit rarely hides in less: sizes are of compressed objects.</summary>
    public const long BigRepositoryBytes = 50 << 20;

    /// <summary>Bitbucket says 100 MB and not of which kind; the smaller one is assumed.</summary>
    public const long BigFile = 100_000_000;

    private const string LfsCheck = "Repositories LFS";
    private const string FilesCheck = "Repositories files";
    private const string Again =
        "Check that the credentials have Contents: read on all repositories, and that requests are left in this hour; then run doctor again.";

    private readonly ConcurrentBag<string> _withLfs = [];
    private readonly ConcurrentBag<string> _bigFiles = [];
    private readonly ConcurrentBag<string> _unread = [];
    private readonly ConcurrentBag<string> _cut = [];

    /// <summary>Looks, and tells how far it got.</summary>
    public async Task<IReadOnlyList<Diagnostic>> RunAsync(CancellationToken cancellationToken)
    {
        var budget = Math.Min(allowance ?? int.MaxValue, MaxAttributes + MaxTrees);
        var largest = repositories
            .Where(r => !r.IsDisabled && r.DefaultBranch is not null)
            .OrderByDescending(r => r.SizeBytes)
            .ThenBy(r => r.FullName, StringComparer.Ordinal)
            .ToList();
        var trees = largest.TakeWhile(r => r.SizeBytes >= BigRepositoryBytes).Take(Math.Min(MaxTrees, budget / 2)).ToList();
        var attributes = largest.Take(Math.Min(MaxAttributes, budget - trees.Count)).ToList();

        var listed = await CountAsync(trees, ReadTreeAsync, cancellationToken);
        var read = await CountAsync(attributes, ReadAttributesAsync, cancellationToken);
        return [JudgeFiles(listed, largest.Count(r => r.SizeBytes >= BigRepositoryBytes)), JudgeLfs(read, largest.Count), .. JudgeUnread()];
    }

    /// <summary>Looks into each; one that refuses stops no other. Returns how many did not.</summary>
    private async Task<int> CountAsync(List<Repository> some, Func<Repository, CancellationToken, Task> look, CancellationToken cancellationToken)
    {
        var refused = 0;
        var limits = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            some,
            limits,
            async (repository, token) =>
            {
                try
                {
                    await look(repository, token);
                }
                catch (HostException e) when (e.Status == 409)
                {
                    // An empty repository.
                }
                catch (HostException)
                {
                    Interlocked.Increment(ref refused);
                    _unread.Add(repository.FullName);
                }
            }
        );
        return some.Count - refused;
    }

    private async Task ReadTreeAsync(Repository repository, CancellationToken cancellationToken)
    {
        var api = await access.OfAsync(repository.Owner, cancellationToken);
        var path = $"{PathOf(repository)}/git/trees/{Uri.EscapeDataString(repository.DefaultBranch!)}?recursive=1";
        var (tree, _) = await api.GetAsync<GitHubTree>(path, cancellationToken);
        foreach (var entry in (tree.Tree ?? []).Where(entry => entry is { Type: "blob", Size: > BigFile }))
        {
            _bigFiles.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{repository.FullName}: {TextSanitizer.Clean(entry!.Path, 200)} ({entry.Size / 1_000_000} MB)"
                )
            );
        }

        if (tree.Truncated == true)
        {
            _cut.Add(repository.FullName);
        }
    }

    private async Task ReadAttributesAsync(Repository repository, CancellationToken cancellationToken)
    {
        try
        {
            var api = await access.OfAsync(repository.Owner, cancellationToken);
            var (file, _) = await api.GetAsync<GitHubFile>($"{PathOf(repository)}/contents/.gitattributes", cancellationToken);
            if (file is { Encoding: "base64", Content: { } content } && NamesLfs(content))
            {
                _withLfs.Add(repository.FullName);
            }
        }
        catch (HostException e) when (e.Status == 404)
        {
            // Most repositories have no such file.
        }
    }

    private static bool NamesLfs(string base64)
    {
        try
        {
            return Encoding
                .UTF8.GetString(Convert.FromBase64String(base64))
                .Split('\n')
                .Any(line => !line.TrimStart().StartsWith('#') && line.Split([' ', '\t', '\r']).Contains("filter=lfs", StringComparer.Ordinal));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string PathOf(Repository repository) => $"repos/{HostUrl.Segment(repository.Owner)}/{HostUrl.Segment(repository.Name)}";

    private Diagnostic JudgeFiles(int looked, int big)
    {
        var seen =
            looked == big ? NameList.Repositories(looked) : string.Create(CultureInfo.InvariantCulture, $"{looked} of {NameList.Repositories(big)}");
        const string scope = "Their histories were not looked at.";
        var cut = _cut.IsEmpty ? "" : $" Only the first files were listed of {NameList.Of(Sorted(_cut))}.";
        if (!_bigFiles.IsEmpty)
        {
            return new Diagnostic(
                DiagnosticLevel.Problem,
                FilesCheck,
                $"Files over 100 MB in default branches: {NameList.Of(Sorted(_bigFiles))}. {scope}{cut}",
                "Bitbucket takes no file over 100 MB: let an admin lift the limit in the mirror "
                    + "(Repository settings > Advanced), take the file out of the source's history, or exclude the "
                    + "repository."
            );
        }

        if (big > 0 && looked == 0)
        {
            return new Diagnostic(
                DiagnosticLevel.NotChecked,
                FilesCheck,
                $"Not checked: none of {NameList.Repositories(big)} of 50 MiB and more could be searched for files over 100 MB.",
                Again
            );
        }

        return new Diagnostic(
            DiagnosticLevel.Ok,
            FilesCheck,
            big == 0
                ? "No repository is of 50 MiB or more, so none was searched for files over 100 MB."
                : $"No file over 100 MB in the default branches of {seen} of 50 MiB and more. {scope}{cut}"
        );
    }

    private Diagnostic JudgeLfs(int looked, int all)
    {
        if (all > 0 && looked == 0)
        {
            return new Diagnostic(
                DiagnosticLevel.NotChecked,
                LfsCheck,
                $"Not checked: none of {NameList.Repositories(all)} could be searched for files in Git LFS.",
                Again
            );
        }

        var seen =
            looked == all
                ? NameList.Repositories(looked)
                : string.Create(CultureInfo.InvariantCulture, $"{looked} of {NameList.Repositories(all)}, the largest first");
        return _withLfs.IsEmpty
            ? new Diagnostic(DiagnosticLevel.Ok, LfsCheck, $"Looked at {seen}: none keeps files in Git LFS.")
            : new Diagnostic(
                DiagnosticLevel.Warning,
                LfsCheck,
                $"Looked at {seen}: {_withLfs.Count} with files in Git LFS: "
                    + $"{NameList.Of(Sorted(_withLfs))}. A first mirror downloads all of their objects, which GitHub counts against the owner's "
                    + "LFS quota.",
                "Plan says how many objects and bytes would move (mode: plan). With lfs: false only the pointers are mirrored."
            );
    }

    private IEnumerable<Diagnostic> JudgeUnread()
    {
        if (!_unread.IsEmpty)
        {
            var names = Sorted(_unread).Distinct(StringComparer.Ordinal).ToList();
            yield return new Diagnostic(
                DiagnosticLevel.Warning,
                "Repositories contents",
                $"GitHub did not let these be looked into: {NameList.Of(names)}.",
                Again
            );
        }
    }

    private static List<string> Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
