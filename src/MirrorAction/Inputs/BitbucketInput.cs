using System.Buffers;

namespace MirrorAction.Inputs;

/// <summary>The forms of Bitbucket's own words. Methods throw <see cref="FormatException"/> whose message says what was expected.</summary>
internal static class BitbucketInput
{
    /// <summary>Where a user finds the slug of a workspace.</summary>
    public const string WhereTheSlugIs =
        "give the workspace's slug, the part after https://bitbucket.org/ in the address of any of its pages (not its display name).";

    /// <summary>The form of a project's key, as a regular expression.</summary>
    public const string ProjectKeyPattern = "^[A-Z][A-Z0-9_]*$";

    private static readonly SearchValues<char> s_slugCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.");
    private static readonly SearchValues<char> s_keyCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>A workspace's slug.</summary>
    public static string Workspace(string text) =>
        !text.AsSpan().ContainsAnyExcept(s_slugCharacters)
            ? text
            : throw new FormatException(
                $"{InputFormat.Shown(text)} is no workspace slug (lower-case letters, digits, '_', '-', '.'); {WhereTheSlugIs}"
            );

    /// <summary>The slug of a repository.</summary>
    public static string BitbucketSlug(string text) =>
        Hosts.Bitbucket.BitbucketSlug.IsKept(text)
            ? text
            : throw new FormatException(
                FormattableString.Invariant(
                    $"{InputFormat.Shown(text)} is not a slug that Bitbucket keeps (lower-case letters, digits, '_', '-', '.', at most {Hosts.Bitbucket.BitbucketSlug.MaxLength}; at least one letter or digit, no '-' at either end, no '--')."
                )
            );

    /// <summary>An account's e-mail.</summary>
    public static string Email(string text) =>
        text.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == ':')
            ? text
            : throw new FormatException(
                $"expected the e-mail of the Atlassian account that owns the API token{(text.Contains('@', StringComparison.Ordinal) ? "" : ", not a username")}; Bitbucket "
                    + "refuses anything else. It is shown at https://id.atlassian.com/manage-profile/email; an access token needs none."
            );

    /// <summary>A project's key.</summary>
    public static string ProjectKey(string text) =>
        char.IsAsciiLetterUpper(text[0]) && !text.AsSpan().ContainsAnyExcept(s_keyCharacters)
            ? text
            : throw new FormatException(
                $"{InputFormat.Shown(text)} is no project key (capital letters, digits, '_', beginning with a letter); the project's settings page shows it."
            );

    /// <summary>A word of warning where token and e-mail do not seem to belong together. The prefix is a hint, not a proof.</summary>
    public static IEnumerable<string> WarnOfMismatch(string token, bool hasEmail, string label)
    {
        if (token.StartsWith("ATBB", StringComparison.Ordinal))
        {
            yield return $"{label} looks like an app password; Bitbucket removed them on 2026-07-28. Create an API token with scopes (Atlassian account settings > "
                + "Security > Create API token with scopes, app Bitbucket: read:repository:bitbucket, write:repository:bitbucket, admin:repository:bitbucket) and "
                + "give the account's e-mail as bitbucket-email.";
        }
        else if (!hasEmail && token.StartsWith("ATATT", StringComparison.Ordinal))
        {
            yield return $"{label} looks like an API token, which Bitbucket accepts only together with the account's e-mail: give bitbucket-email.";
        }
        else if (hasEmail && token.StartsWith("ATCTT", StringComparison.Ordinal))
        {
            yield return $"{label} looks like an access token, which is used without an e-mail: leave bitbucket-email out.";
        }
    }
}
