using System.Globalization;
using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Doctor;

/// <summary>What the filters take, and whether the names fit the destination. Sends nothing.</summary>
internal static class SelectionCheck
{
    private const string Selected = "Repositories selected";
    private const string Names = "Repositories names";

    internal static IReadOnlyList<Finding> Run(Selection selection, RunContext context) =>
        selection.Taken.Count == 0
            ? [.. Unused(selection), new Finding(FindingLevel.Problem, Selected, $"The filters take none of {NameList.Repositories(selection.Listed.Count)}.",
                "See the inputs repositories, exclude, visibility, forks, archived and shard, and the rules of the configuration file.")]
            : [Count(selection), .. Unused(selection), .. Forks(selection, context.Options), .. Disabled(selection), .. Collisions(selection, context), .. Dotted(selection), .. Changed(selection, context), .. Wikis(selection)];

    private static Finding Count(Selection selection)
    {
        var orphans = selection.Orphans.Count == 0 ? "" : $" {selection.Orphans.Count} mirrors have no source any more and are left as they are: {NameList.Of(selection.Orphans)}.";
        return new Finding(FindingLevel.Ok, Selected, Text($"{selection.Taken.Count} of {NameList.Repositories(selection.Listed.Count)} are taken.{orphans}"));
    }

    private static IEnumerable<Finding> Unused(Selection selection)
    {
        if (selection.UnusedNames.Sentence is { } unused)
        {
            yield return new Finding(FindingLevel.Warning, "Repositories filters", unused, "Correct or remove them; until then they do nothing.");
        }
    }

    private static IEnumerable<Finding> Forks(Selection selection, MirrorOptions options)
    {
        var forks = selection.Listed.Count(r => r.IsFork);
        if (options.Filter.Forks == Inclusion.Exclude && forks * 2 >= selection.Listed.Count)
        {
            yield return new Finding(FindingLevel.Warning, "Repositories forks", Text($"{forks} of {NameList.Repositories(selection.Listed.Count)} are forks, which are left out."), "Set forks: include if they are to be mirrored too.");
        }
    }

    private static IEnumerable<Finding> Disabled(Selection selection)
    {
        var disabled = Full(selection.Taken.Where(r => r.IsDisabled));
        if (disabled.Count > 0)
        {
            yield return new Finding(FindingLevel.Warning, "Repositories disabled", $"Switched off by GitHub, so they are skipped: {NameList.Of(disabled)}.", "The owner must settle it with GitHub; until then their mirrors stay as they are.");
        }
    }

    private static IEnumerable<Finding> Collisions(Selection selection, RunContext context)
    {
        var groups = selection.Taken.GroupBy(r => selection.SettingsOf(r).Slug, StringComparer.Ordinal)
            .Select(g => (Slug: g.Key, Names: Full(g.Concat(selection.Rivals(g.Key, g.First())).Distinct()))).Where(g => g.Names.Count > 1)
            .Select(g => $"{string.Join(" and ", g.Names)} would both be {context.Destination.Workspace}/{g.Slug}").ToList();
        if (groups.Count > 0)
        {
            yield return new Finding(FindingLevel.Problem, Names, $"{NameList.Of(groups)}.", $"{Selection.CureOfRivals} Until then neither is mirrored.");
        }
    }

    private static IEnumerable<Finding> Dotted(Selection selection)
    {
        var dotted = Full(selection.Taken.Where(r => selection.SettingsOf(r).Slug is ['.', ..] && selection.MirrorOf(r) is null));
        if (dotted.Count > 0)
        {
            yield return new Finding(FindingLevel.Warning, Names, $"By Bitbucket's rules a name may begin with a dot, but not all of it may work with such: {NameList.Of(dotted)}.", "If their mirrors cannot be created, leave them out with exclude.");
        }
    }

    private static IEnumerable<Finding> Changed(Selection selection, RunContext context)
    {
        var changed = selection.Taken
            .Where(r => selection.SettingsOf(r).Slug is var slug && slug == context.Destination.SlugFor(r.Name) && !slug.Equals(r.Name, StringComparison.OrdinalIgnoreCase))
            .Select(r => $"{r.FullName} becomes {selection.SettingsOf(r).Slug}").ToList();
        yield return new Finding(FindingLevel.Ok, Names, changed.Count == 0
            ? "Bitbucket keeps them as they are, in lower case."
            : $"Bitbucket would not keep these names, so they get a hash: {NameList.Of(changed)}.");
    }

    private static IEnumerable<Finding> Wikis(Selection selection)
    {
        var wikis = selection.Taken.Count(r => r.HasWiki);
        yield return new Finding(FindingLevel.Ok, "Repositories wikis", Text($"{wikis} of the selected have a wiki switched on, which says nothing of pages; wikis are not mirrored."));
    }

    private static List<string> Full(IEnumerable<HostedRepository> repositories) => [.. repositories.Select(r => r.FullName).Order(StringComparer.Ordinal)];

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
