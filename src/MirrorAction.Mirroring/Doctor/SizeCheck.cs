using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Doctor;

/// <summary>Repositories near or over the destination's limits, by the sizes that the source lists. Sends nothing.</summary>
internal static class SizeCheck
{
    private const string Check = "Repositories sizes";

    /// <summary>Bitbucket's limits: it warns at 2 GB, takes 3.5 GB in one push, and 4 GB in a repository.</summary>
    private const long Warning = 2 * DecimalBytes.PerGigabyte;
    private const long Push = (long)(3.5 * DecimalBytes.PerGigabyte);
    private const long Hard = 4 * DecimalBytes.PerGigabyte;

    /// <param name="selection">What is mirrored.</param>
    /// <param name="knowsMirrors">Which mirrors exist is known.</param>
    internal static IEnumerable<Finding> Run(Selection selection, bool knowsMirrors)
    {
        var sizes = selection.Taken.Select(r => (Repository: r, Bytes: DecimalBytes.OfKiB(r.SizeKiB))).OrderByDescending(r => r.Bytes).ToList();
        var over = sizes.Where(r => r.Bytes >= Hard).Select(Named).ToList();
        var push = sizes.Where(r => r.Bytes is >= Push and < Hard && (!knowsMirrors || selection.MirrorOf(r.Repository) is null)).Select(Named).ToList();
        var near = sizes.Where(r => r.Bytes is >= Warning and < Hard).Select(Named).Except(push, StringComparer.Ordinal).ToList();
        if (over.Count > 0)
        {
            yield return new Finding(FindingLevel.Problem, Check, $"At or over Bitbucket's 4 GB for a repository: {NameList.Of(over)}.", "Leave them out with exclude, or shrink them at the source.");
        }

        if (push.Count > 0)
        {
            yield return new Finding(FindingLevel.Problem, Check, $"Bitbucket takes at most 3.5 GB in one push, and the first push sends all: {NameList.Of(push)}.", "Mirror some of their branches first with refs, then the rest.");
        }

        if (near.Count > 0)
        {
            yield return new Finding(FindingLevel.Warning, Check, $"From 2 GB on Bitbucket warns, at 4 GB it takes no more: {NameList.Of(near)}.", "Keep an eye on them, or shrink them at the source.");
        }

        if (over.Count + push.Count + near.Count == 0)
        {
            yield return new Finding(FindingLevel.Ok, Check, sizes[0].Bytes == 0
                ? "GitHub gives no size for any of them yet."
                : $"The largest is {Named(sizes[0])}; Bitbucket takes up to 4 GB.");
        }
    }

    private static string Named((HostedRepository Repository, long Bytes) entry) => $"{entry.Repository.FullName} ({DecimalBytes.Text(entry.Bytes)})";
}
