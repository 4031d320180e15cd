using MirrorAction.Hosts;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Doctor;

/// <summary>Repositories near or over the destination's limits, by the sizes that the source lists. Sends nothing.</summary>
internal static class SizeCheck
{
    private const string Check = "Repositories sizes";

    /// <summary>Bitbucket's limits: it warns at 2 GB, and takes 4 GB in a repository. What is too much for one push is sent in parts.</summary>
    private const long Warning = 2 * DecimalBytes.PerGigabyte;
    private const long Hard = 4 * DecimalBytes.PerGigabyte;

    internal static IEnumerable<Diagnostic> Run(RepositorySelection selection)
    {
        var sizes = selection.Taken.Select(r => (Repository: r, Bytes: DecimalBytes.OfKiB(r.SizeKiB))).OrderByDescending(r => r.Bytes).ToList();
        var over = sizes.Where(r => r.Bytes >= Hard).Select(Named).ToList();
        var near = sizes.Where(r => r.Bytes is >= Warning and < Hard).Select(Named).ToList();
        if (over.Count > 0)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Problem,
                Check,
                $"At or over Bitbucket's 4 GB for a repository: {NameList.Of(over)}.",
                "Leave them out with exclude, or shrink them at the source."
            );
        }

        if (near.Count > 0)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Warning,
                Check,
                $"From 2 GB on Bitbucket warns, at 4 GB it takes no more: {NameList.Of(near)}.",
                "Keep an eye on them, or shrink them at the source."
            );
        }

        if (over.Count + near.Count == 0)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Ok,
                Check,
                sizes[0].Bytes == 0 ? "GitHub gives no size for any of them yet." : $"The largest is {Named(sizes[0])}; Bitbucket takes up to 4 GB."
            );
        }
    }

    private static string Named((HostedRepository Repository, long Bytes) entry) => $"{entry.Repository.FullName} ({DecimalBytes.Text(entry.Bytes)})";
}
