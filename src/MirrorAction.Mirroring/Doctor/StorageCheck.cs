using System.Globalization;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Doctor;

/// <summary>Whether the workspace has room for the mirrors, and how many requests their creation takes. Sends nothing.</summary>
internal static class StorageCheck
{
    /// <param name="selection">What is mirrored.</param>
    /// <param name="existing">All that is in the workspace.</param>
    /// <param name="host">The destination.</param>
    /// <param name="requestsPerHour">The destination's limit for all shards together; null for none.</param>
    /// <param name="shares">What of it is this run's.</param>
    internal static IEnumerable<Diagnostic> Run(
        RepositorySelection selection,
        IReadOnlyList<Repository> existing,
        HostDefinition host,
        int? requestsPerHour,
        ShardShares shares
    )
    {
        var used = existing.Sum(r => (double)(r.SizeBytes ?? 0));
        var missing = selection.Taken.Where(r => !r.IsDisabled && selection.MirrorOf(r) is null).ToList();
        var needed = missing.Sum(r => (double)(r.SizeBytes ?? 0));
        if (host.Limits.FreePlan is { } freePlan)
        {
            yield return Storage(host, freePlan, used, needed, missing.Count, existing.Count);
        }

        if (requestsPerHour is { } limit)
        {
            yield return Requests(host.Name, missing.Count, existing.Count, limit, shares);
        }
    }

    private static Diagnostic Storage(HostDefinition host, long freePlan, double used, double needed, int missing, int existing)
    {
        var check = $"{host.Name} storage";
        var hint =
            $"On the Free plan: upgrade it, delete what the {host.OwnerWord} does "
            + "not need, or mirror less (repositories, exclude). Paid plans hold more.";
        var has = $"{NameList.Repositories(existing)} in the {host.OwnerWord}: {DecimalBytes.Text(used)} used";
        var wants = missing == 0 ? "" : $"; {NameList.Repositories(missing)} to be created will need about {DecimalBytes.Text(needed)}";
        return used + needed > freePlan
            ? new Diagnostic(
                DiagnosticLevel.Warning,
                check,
                $"{has}{wants}: more than the {DecimalBytes.Whole(freePlan)} of a Free {host.OwnerWord}, which then refuses every push.",
                hint
            )
            : new Diagnostic(DiagnosticLevel.Ok, check, $"{has}{wants}; a Free {host.OwnerWord} holds {DecimalBytes.Whole(freePlan)}.");
    }

    private static Diagnostic Requests(string host, int missing, int existing, int limit, ShardShares shares)
    {
        // Each new mirror is created and given its main branch; the listing takes a request a hundred.
        var check = $"{host} requests";
        var listing = 1 + (existing / 100);
        var requests = (2 * missing) + listing;
        var share = shares.Count == 1 ? "" : FormattableString.Invariant($", {shares.Of(limit)} of them to this shard");
        var text = FormattableString.Invariant(
            $"The first run will create {NameList.Repositories(missing)} and send about {requests} requests; {host} allows {limit} an hour{share}."
        );
        var hint =
            shares.Advise(limit, listing)
            ?? (
                requests > shares.Of(limit)
                    ? "The run waits for the next hour by itself; give it time (timeout-minutes), or begin with a part of the repositories."
                    : null
            );
        return new Diagnostic(hint is null ? DiagnosticLevel.Ok : DiagnosticLevel.Warning, check, text, hint);
    }
}

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

/// <summary>
/// Numbers of bytes in decimal units: 1 GB is 1,000,000,000 bytes, the smaller of the two readings of a host's limit.
/// </summary>
internal static class DecimalBytes
{
    internal const long PerGigabyte = 1_000_000_000;

    /// <summary><c>4 GB</c>: a limit, which is a whole number of gigabytes.</summary>
    internal static string Whole(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / PerGigabyte} GB");

    /// <summary><c>0.4 MB</c>, <c>12 MB</c>, <c>3.6 GB</c>.</summary>
    internal static string Text(double bytes)
    {
        var (value, unit) = bytes >= PerGigabyte ? (bytes / PerGigabyte, "GB") : (bytes / 1_000_000, "MB");
        return string.Create(CultureInfo.InvariantCulture, $"{value.ToString(value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture)} {unit}");
    }
}
