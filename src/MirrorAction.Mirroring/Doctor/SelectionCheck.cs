using System.Globalization;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Doctor;

/// <summary>What the filters take, and whether the names fit the destination. Sends nothing.</summary>
internal static class SelectionCheck
{
    private const string Selected = "Repositories selected";
    private const string Names = "Repositories names";

    internal static IReadOnlyList<Diagnostic> Run(RepositorySelection selection, RunContext context) =>
        selection.Taken.Count == 0
            ? [.. Unusable(selection), .. Unused(selection), .. Mirrors(selection), None(selection)]
            :
            [
                Count(selection),
                .. Unusable(selection),
                .. Unused(selection),
                .. Mirrors(selection),
                .. Renames(selection),
                .. Exposed(selection),
                .. Forks(selection, context.Options),
                .. Disabled(selection, context.Source.Host.Name),
                .. Collisions(selection, context),
                .. Dotted(selection, context.Destination.Host.Name),
                .. Changed(selection, context),
                Wikis(selection, context),
            ];

    private static Diagnostic None(RepositorySelection selection) =>
        new(
            DiagnosticLevel.Problem,
            Selected,
            $"The filters take none of {NameList.Repositories(selection.Listed.Count)}.",
            "See the inputs repositories, exclude, visibility, forks, archived and shard, and the rules of the configuration file."
        );

    private static Diagnostic Count(RepositorySelection selection)
    {
        var left = selection.Census.Orphans.Select(orphan => orphan.Mirror).ToList();
        var orphans =
            left.Count == 0 ? "" : $" {left.Count} mirrors have no source of their name any more and are left as they are: {NameList.Of(left)}.";
        return new Diagnostic(
            DiagnosticLevel.Ok,
            Selected,
            Text($"{selection.Taken.Count} of {NameList.Repositories(selection.Listed.Count)} are taken.{orphans}")
        );
    }

    private static IEnumerable<Diagnostic> Unusable(RepositorySelection selection)
    {
        const string check = "Repositories listing";
        if (selection.Barred is [{ Error.Hint: var hint }, ..])
        {
            yield return new Diagnostic(
                DiagnosticLevel.Problem,
                check,
                $"{NameList.Of([.. selection.Barred.Select(repository => repository.Error.Message.TrimEnd('.'))])}.",
                hint
            );
        }

        if (selection.UnusableSentence is { } others)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Warning,
                check,
                others,
                "Look at them at the host; if nothing is wrong with them there, report this as a bug of this action."
            );
        }
    }

    private static IEnumerable<Diagnostic> Unused(RepositorySelection selection)
    {
        if (selection.UnusedNames.Sentence is { } unused)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Warning,
                "Repositories filters",
                unused,
                "Correct or remove them; until then they do nothing."
            );
        }
    }

    private static IEnumerable<Diagnostic> Mirrors(RepositorySelection selection) =>
        selection.Census.Concerns.Select(concern => new Diagnostic(DiagnosticLevel.Warning, "Repositories mirrors", concern.Text, concern.Hint));

    private static IEnumerable<Diagnostic> Renames(RepositorySelection selection)
    {
        var renames = selection.WorkList.Items.Select(selection.RenameOf).OfType<MirrorRename>().Where(rename => rename.Obstacle is null).ToList();
        if (renames.Count > 0)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Ok,
                "Repositories renamed",
                $"The next run renames mirrors whose sources have another name now: {NameList.Of([.. renames.Select(rename => rename.Arrow)])}."
            );
        }
    }

    private static IEnumerable<Diagnostic> Exposed(RepositorySelection selection)
    {
        var exposed = Full(selection.Taken.Where(r => selection.SettingsOf(r).WouldExpose));
        if (exposed.Count > 0)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Problem,
                "Repositories visibility",
                $"A rule wants public mirrors of private repositories, which are refused: {NameList.Of(exposed)}.",
                "Say visibility: source (or private) in the rule of the configuration file."
            );
        }
    }

    private static IEnumerable<Diagnostic> Forks(RepositorySelection selection, MirrorOptions options)
    {
        var forks = selection.Listed.Count(r => r.IsFork);
        if (options.Filter.Forks == Inclusion.Exclude && forks * 2 >= selection.Listed.Count)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Warning,
                "Repositories forks",
                Text($"{forks} of {NameList.Repositories(selection.Listed.Count)} are forks, which are left out."),
                "Set forks: include if they are to be mirrored too."
            );
        }
    }

    private static IEnumerable<Diagnostic> Disabled(RepositorySelection selection, string host)
    {
        var disabled = Full(selection.Taken.Where(r => r.IsDisabled));
        if (disabled.Count > 0)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Warning,
                "Repositories disabled",
                $"Switched off by {host}, so they are skipped: {NameList.Of(disabled)}.",
                $"The owner must settle it with {host}; until then their mirrors stay as they are."
            );
        }
    }

    private static IEnumerable<Diagnostic> Collisions(RepositorySelection selection, RunContext context)
    {
        var groups =
            from slug in selection.Taken.Concat(selection.Wikis).Select(r => selection.SettingsOf(r).Slug).Distinct(StringComparer.OrdinalIgnoreCase)
            let names = Full(selection.Sharing(slug))
            where names.Count > 1
            let owner = selection.OwnerOf(slug) is { } source ? $", which is the mirror of {source.FullName}" : ""
            select $"{string.Join(" and ", names)} would both be {context.Destination.Workspace}/{slug}{owner}";
        if (groups.ToList() is { Count: > 0 } all)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Problem,
                Names,
                $"{NameList.Of(all)}.",
                $"{RepositorySelection.HintOnRivals} Until then only the one is mirrored whose mirror is there already."
            );
        }
    }

    private static IEnumerable<Diagnostic> Dotted(RepositorySelection selection, string host)
    {
        var dotted = Full(selection.Taken.Where(r => selection.SettingsOf(r).Slug is ['.', ..] && selection.MirrorOf(r) is null));
        if (dotted.Count > 0)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Warning,
                Names,
                $"By {host}'s rules a name may begin with a dot, but not all of it may work with such: {NameList.Of(dotted)}.",
                "If their mirrors cannot be created, leave them out with exclude."
            );
        }
    }

    private static IEnumerable<Diagnostic> Changed(RepositorySelection selection, RunContext context)
    {
        var changed = selection
            .Taken.Where(r =>
                selection.SettingsOf(r).Slug is var slug
                && slug == context.Destination.SlugFor(r.Name)
                && !slug.Equals(r.Name, StringComparison.OrdinalIgnoreCase)
            )
            .Select(r => $"{r.FullName} becomes {selection.SettingsOf(r).Slug}")
            .ToList();
        yield return new Diagnostic(
            DiagnosticLevel.Ok,
            Names,
            changed.Count == 0
                ? $"{context.Destination.Host.Name} keeps them as they are, in lower case."
                : $"{context.Destination.Host.Name} would not keep these names, so they get a hash: {NameList.Of(changed)}."
        );
    }

    private static Diagnostic Wikis(RepositorySelection selection, RunContext context)
    {
        const string Check = "Repositories wikis";
        var count = selection.Taken.Count(r => r.HasWiki);
        var found = Text($"{count} of the selected have a wiki switched on, which says nothing of pages");
        if (!context.Options.Wikis)
        {
            return new Diagnostic(DiagnosticLevel.Ok, Check, $"{found}; wikis are not mirrored, which 'wikis: true' changes.");
        }

        var host = context.Destination.Host.Name;
        var place = context.Destination.OwnWikis is null
            ? $"a repository <name>{WikiAddress.Suffix} beside the mirror"
            : $"the wiki that {host} has for the mirror";
        return new Diagnostic(DiagnosticLevel.Ok, Check, $"{found}. Those with pages are mirrored into {place}.");
    }

    private static List<string> Full(IEnumerable<Repository> repositories) => [.. repositories.Select(r => r.FullName).Order(StringComparer.Ordinal)];

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
