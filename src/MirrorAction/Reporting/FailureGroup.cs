using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>Repositories that are not safe for one and the same reason, and what helps all of them. Immutable.</summary>
/// <param name="Code">The kind of failure; null for mirrors that differ.</param>
/// <param name="Message">What happened, when it can be said of all in the same words; else null.</param>
/// <param name="Hint">What to do; null when there is nothing to add.</param>
/// <param name="Repositories">The repositories, in the order of the report.</param>
internal sealed record FailureGroup(ErrorCode? Code, string? Message, string? Hint, IReadOnlyList<RepositoryReport> Repositories)
{
    /// <summary>More names than this make a line that nobody copies.</summary>
    private const int MaxNames = 50;

    /// <summary>What follows is shown nowhere.</summary>
    private const int MaxText = 2_000;

    /// <summary>What stands for the names in which the texts of a group differ.</summary>
    private const string AnyName = "…";

    private const string HintOnDifferences =
        "Run 'mode: mirror', which makes them equal. A ref that only the mirror has, or whose value there is foreign, was probably pushed there by "
        + "somebody: look at it first.";

    /// <summary>The names that the input <c>repositories</c> takes to re-run just these; none when they are too many to name.</summary>
    public IReadOnlyList<string> Selection(RunReport report) =>
        Repositories.Count > MaxNames
            ? []
            : [.. Repositories.Select(repository => report.IsFromMirrors() ? LastPart(repository.Destination) : repository.Source)];

    /// <summary>All groups of a run, the largest first.</summary>
    public static IReadOnlyList<FailureGroup> Of(RunReport report) =>
        [
            .. report
                .Repositories.Where(repository => repository.Status is RepositoryStatus.Failed or RepositoryStatus.Different)
                .GroupBy(repository => (repository.Error?.Code, Hint: General(HintOf(repository), repository)))
                .OrderByDescending(group => group.Count())
                .Select(group => Of([.. group])),
        ];

    private static FailureGroup Of(IReadOnlyList<RepositoryReport> repositories)
    {
        var first = repositories[0];
        var messages = repositories.Select(repository => General(repository.Error?.Message, repository)).Distinct().ToList();
        return repositories.Count == 1
            ? new(first.Error?.Code, first.Error?.Message, HintOf(first), repositories)
            : new(first.Error?.Code, messages.Count == 1 ? messages[0] : null, General(HintOf(first), first), repositories);
    }

    /// <summary>A restore selects by the name of the original, whoever owned it.</summary>
    private static string LastPart(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static string? HintOf(RepositoryReport repository) => repository.Error is { } error ? error.Hint : HintOnDifferences;

    /// <summary>The text without what is this repository's alone.</summary>
    private static string? General(string? text, RepositoryReport repository)
    {
        text = text?.Length > MaxText ? text[..MaxText] : text;
        foreach (var name in new[] { repository.Source, repository.Destination })
        {
            text = name.Length == 0 ? text : text?.Replace(name, AnyName, StringComparison.Ordinal);
        }

        return text;
    }
}
