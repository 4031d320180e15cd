using MirrorAction.Http;

namespace MirrorAction.Hosts.Rest;

/// <summary>One row of a host's table of refusals.</summary>
/// <param name="Status">The HTTP status; null for any, and for git itself.</param>
/// <param name="Texts">Words that all occur in what the server wrote, whatever their case; none for any text.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Hint">What to do.</param>
internal sealed record FailureRule(int? Status, string[] Texts, HostFailureKind Kind, string Hint)
{
    /// <summary>A row that goes by the text.</summary>
    public FailureRule(string[] texts, HostFailureKind kind, string hint)
        : this(null, texts, kind, hint) { }

    /// <summary>A row that goes by the status.</summary>
    public FailureRule(int status, HostFailureKind kind, string hint)
        : this(status, [], kind, hint) { }

    /// <summary>The first row that fits; null when none does.</summary>
    public static HostFailure? Find(IEnumerable<FailureRule> rules, int? status, string text) =>
        rules.FirstOrDefault(rule => rule.Fits(status, text)) is { } found ? new HostFailure(found.Kind, found.Hint) : null;

    private bool Fits(int? status, string text) =>
        (Status is null || Status == status) && Array.TrueForAll(Texts, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
