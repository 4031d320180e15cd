namespace MirrorAction.Configuration;

/// <summary>The forms of GitHub's own words.</summary>
internal static class GitHubInput
{
    /// <summary>GitHub's longest login. A token, given here by mistake, is longer.</summary>
    private const int MaxLogin = 39;

    /// <summary>Logins of organisations and users, each once.</summary>
    /// <exception cref="FormatException">One is no login.</exception>
    public static IReadOnlyList<string> Owners(string text)
    {
        var owners = InputFormat.List(text);
        if (owners.Count == 0)
        {
            throw new FormatException("expected the login of an organisation or user, such as acme.");
        }

        return owners.FirstOrDefault(owner => !IsLogin(owner)) is { } wrong
            ? throw new FormatException(
                $"{InputFormat.Shown(wrong)} is no login; write what follows the host in the owner's URL, such as acme in https://github.com/acme.")
            : [.. owners.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Letters, digits and hyphens; managed users have an underscore before their enterprise's short code.</summary>
    private static bool IsLogin(string text) =>
        text.Length <= MaxLogin && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
