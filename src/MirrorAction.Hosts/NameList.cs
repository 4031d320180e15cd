using System.Globalization;

namespace MirrorAction.Hosts;

/// <summary>Names in a sentence, of which a reader wants some and a number for the rest.</summary>
public static class NameList
{
    private const int MaxShown = 10;

    /// <summary><c>a, b, c and 7 more</c>.</summary>
    public static string Of(IReadOnlyCollection<string> names)
    {
        var shown = string.Join(", ", names.Take(MaxShown));
        return names.Count > MaxShown ? string.Create(CultureInfo.InvariantCulture, $"{shown} and {names.Count - MaxShown} more") : shown;
    }

    /// <summary><c>1 repository</c>, <c>2 repositories</c>.</summary>
    public static string Repositories(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "repository" : "repositories")}");
}
