using System.CommandLine;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Inputs.Arguments;

/// <summary>Puts into words what the command line holds beyond its grammar, with the name that was probably meant.</summary>
internal static class UnknownArguments
{
    /// <summary>One sentence about each; none where everything is understood.</summary>
    /// <remarks>
    /// What stands behind an unknown option is probably its value, and may be a secret: as long as there is such an option, nothing else is quoted
    /// but a mistyped command.
    /// </remarks>
    public static IReadOnlyList<string> Of(ParseResult result)
    {
        var called = result.CommandResult.Command;

        // Where a folder or a URL is due, the parser takes a mistyped option for it.
        List<string> unknown = [.. result.CommandResult.Tokens.Select(token => token.Value).Where(IsOption), .. result.UnmatchedTokens];
        List<string> problems = [];
        if (called is RootCommand && result.Tokens is [var first, ..] && unknown.Contains(first.Value) && !IsOption(first.Value))
        {
            problems.Add($"unknown command {WithNearest(first.Value, called.Subcommands.Select(command => command.Name))}");
        }

        var prefix = called is RootCommand ? "unknown option" : $"'{called.Name}' has no option";
        var options = called.Options.Where(option => !option.Hidden).Select(option => option.Name).ToList();
        problems.AddRange(unknown.Where(IsOption).Select(token => $"{prefix} {WithNearest(NameIn(token), options)}"));
        return problems.Count > 0 ? problems : [.. unknown.Select(token => $"unexpected argument {InputFormat.Shown(token)}.")];
    }

    private static bool IsOption(string token) => token.StartsWith('-');

    /// <summary>The option without the value that was written to it: <c>--exclude=web</c>.</summary>
    private static string NameIn(string token) => token.Split('=', ':')[0];

    private static string WithNearest(string given, IEnumerable<string> known)
    {
        var nearest = NearestName.Of(given.TrimStart('-'), known.Select(name => name.TrimStart('-')));
        return nearest is null
            ? $"{InputFormat.Shown(given)}."
            : $"{InputFormat.Shown(given)}; did you mean '{(IsOption(given) ? "--" : "")}{nearest}'?";
    }
}
