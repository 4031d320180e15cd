using System.Globalization;

namespace MirrorAction.Hosts;

/// <summary>Names in a sentence, of which a reader wants some and a number for the rest.</summary>
public static class NameList
{
    private const int MaxShown = 10;

    private const string Comma = ", ";

    /// <summary><c>a, b, c and 7 more</c>; with another separator <c>a: x; b: y; and 7 more</c>.</summary>
    public static string Of(IReadOnlyCollection<string> names, int most = MaxShown, string separator = Comma)
    {
        var shown = string.Join(separator, names.Take(most));
        var last = separator == Comma ? " " : separator;
        return names.Count > most ? string.Create(CultureInfo.InvariantCulture, $"{shown}{last}and {names.Count - most} more") : shown;
    }

    /// <summary><c>1 repository</c>, <c>2 repositories</c>.</summary>
    public static string Repositories(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "repository" : "repositories")}");
}
