using MirrorAction.Hosts;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Doctor;

/// <summary>Repositories near or over the destination's limits, by the sizes that the source lists. Sends nothing.</summary>
internal static class SizeCheck
{
    private const string Check = "Repositories sizes";

    internal static IEnumerable<Diagnostic> Run(RepositorySelection selection, HostDefinition source, HostDefinition host)
    {
        var (limit, warning) = (host.Limits.Repository ?? long.MaxValue, host.Limits.RepositoryWarning ?? long.MaxValue);
        var sizes = selection.Taken.Select(r => (Repository: r, Bytes: r.SizeBytes ?? 0)).OrderByDescending(r => r.Bytes).ToList();
        var over = sizes.Where(r => r.Bytes >= limit).Select(Named).ToList();
        var near = sizes.Where(r => r.Bytes >= warning && r.Bytes < limit).Select(Named).ToList();
        if (over.Count > 0)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Problem,
                Check,
                $"At or over {host.Name}'s {DecimalBytes.Whole(limit)} for a repository: {NameList.Of(over)}.",
                "Leave them out with exclude, or shrink them at the source."
            );
        }

        if (near.Count > 0)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Warning,
                Check,
                $"From {DecimalBytes.Whole(warning)} on {host.Name} warns, at {DecimalBytes.Whole(limit)} it takes no more: {NameList.Of(near)}.",
                "Keep an eye on them, or shrink them at the source."
            );
        }

        if (over.Count + near.Count == 0)
        {
            var most = host.Limits.Repository is null ? "" : $"; {host.Name} takes up to {DecimalBytes.Whole(limit)}";
            yield return new Diagnostic(
                DiagnosticLevel.Ok,
                Check,
                sizes[0].Bytes == 0 ? $"{source.Name} gives no size for any of them yet." : $"The largest is {Named(sizes[0])}{most}."
            );
        }
    }

    private static string Named((Repository Repository, long Bytes) entry) => $"{entry.Repository.FullName} ({DecimalBytes.Text(entry.Bytes)})";
}
