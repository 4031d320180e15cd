using System.Globalization;

namespace MirrorAction.Benchmarks;

/// <summary>The command line: numbers behind options.</summary>
internal sealed class Arguments(string[] args)
{
    /// <summary>The number behind an option, or another when it is not given.</summary>
    internal int Number(string option, int otherwise) => NumberOf(option) ?? otherwise;

    /// <summary>Whether an option is given.</summary>
    internal bool Has(string option) => args.Contains(option, StringComparer.Ordinal);

    /// <summary>The number behind an option; null when it is not given.</summary>
    internal int? NumberOf(string option) => TextOf(option) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>The text behind an option; null when it is not given.</summary>
    internal string? TextOf(string option) => Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
}
