using System.Globalization;
using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Selection;

/// <summary>
/// Finds names, globs and regular expressions of filters and rules that fit no repository: most often one was mistyped. They are told and fail
/// nothing as long as anything is selected, because the last repository of a name may have been deleted, and that must not stop the mirror of all the
/// others.
/// </summary>
internal sealed class UnusedNames
{
    /// <summary>More are counted only.</summary>
    private const int MaxShown = 20;

    private readonly IReadOnlyList<IRepositoryName> _listed;

    /// <summary>Holds the filter and the rules against a listing.</summary>
    /// <param name="options">The filter and the rules.</param>
    /// <param name="listed">All that the source lists, taken or not, of all shards.</param>
    internal UnusedNames(MirrorOptions options, IReadOnlyList<IRepositoryName> listed)
    {
        _listed = listed;
        var missed = Unused(options.Filter.IncludeOrigin, options.Filter.Include);
        IsMissed = missed.Count > 0;
        Sentence = Describe([
            .. missed,
            .. Unused(options.Filter.ExcludeOrigin, options.Filter.Exclude),
            .. options.Rules.SelectMany(rule => Unused(rule.Origin, rule.Match)),
        ]);
    }

    /// <summary>One sentence about all of them; null when each fits something.</summary>
    internal string? Sentence { get; }

    /// <summary>One of those to take is among them.</summary>
    internal bool IsMissed { get; }

    private List<(string Origin, NamePattern Pattern)> Unused(string origin, IReadOnlyList<NamePattern> patterns) =>
        [.. patterns.Where(pattern => !_listed.Any(pattern.Matches)).Select(pattern => (origin, pattern))];

    private string? Describe(List<(string Origin, NamePattern Pattern)> unused)
    {
        if (unused.Count == 0)
        {
            return null;
        }

        var places = unused
            .Take(MaxShown)
            .GroupBy(u => u.Origin, StringComparer.Ordinal)
            .Select(g => $"{g.Key} {string.Join(", ", g.Select(u => Describe(u.Pattern)))}");
        var rest = unused.Count > MaxShown ? string.Create(CultureInfo.InvariantCulture, $"; and {unused.Count - MaxShown} more") : "";
        return $"{(unused.Count == 1 ? "A name fits" : "Some names fit")} no repository: {string.Join("; ", places)}{rest}.";
    }

    private string Describe(NamePattern pattern)
    {
        var isFull = pattern.Text.Contains('/', StringComparison.Ordinal);
        var nearest = NearestName.Of(pattern.Text, _listed.Select(r => isFull ? r.FullName : r.Name));
        return nearest is null ? $"'{pattern.Text}'" : $"'{pattern.Text}' (did you mean '{nearest}'?)";
    }
}
