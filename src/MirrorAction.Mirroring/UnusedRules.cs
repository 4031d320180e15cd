using System.Globalization;
using MirrorAction.Hosts;

namespace MirrorAction.Mirroring;

/// <summary>
/// Finds rules that fit no repository: most often a name was mistyped. They are told and nothing fails, because the last repository of a rule may have been
/// deleted, and that must not stop the mirror of all the others.
/// </summary>
internal static class UnusedRules
{
    /// <summary>More are counted only.</summary>
    private const int MaxShown = 20;

    /// <summary>One sentence about all such rules; null when every rule fits something.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="listed">All that the source lists, taken or not.</param>
    internal static string? Tell(IReadOnlyList<RepositoryRule> rules, IReadOnlyList<HostedRepository> listed)
    {
        var unused = rules.Where(rule => !listed.Any(rule.Fits)).ToList();
        if (unused.Count == 0)
        {
            return null;
        }

        var shown = string.Join("; ", unused.Take(MaxShown).Select(rule => Describe(rule, listed)));
        var rest = unused.Count > MaxShown ? string.Create(CultureInfo.InvariantCulture, $"; and {unused.Count - MaxShown} more") : "";
        return $"{(unused.Count == 1 ? "A rule fits" : "Some rules fit")} no repository: {shown}{rest}.";
    }

    private static string Describe(RepositoryRule rule, IReadOnlyList<HostedRepository> listed)
    {
        var nearest = rule.Match.Take(MaxShown).Select(pattern => NearestName.Of(pattern.Text, listed.Select(r => pattern.Text.Contains('/', StringComparison.Ordinal) ? r.FullName : r.Name))).FirstOrDefault(n => n is not null);
        var advice = nearest is null ? "" : $" (did you mean '{nearest}'?)";
        return $"{rule.Origin} {NameList.Of([.. rule.Match.Select(pattern => $"'{pattern.Text}'")])}{advice}";
    }
}
