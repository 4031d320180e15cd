using System.Security.Cryptography;

namespace MirrorAction.Inputs;

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
                $"{InputFormat.Shown(wrong)} is no login; write what follows the host in the owner's URL, such as acme in https://github.com/acme."
            )
            : [.. owners.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The id of a GitHub App, a number, or its client id.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static string AppId(string text) =>
        text.All(char.IsAsciiDigit) || (text.StartsWith("Iv", StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '.'))
            ? text
            : throw new FormatException("expected the App ID (a number) or the Client ID (Iv…), as the App's settings page on GitHub shows them.");

    /// <summary>The private key of a GitHub App, with the line breaks that a secret may have lost to <c>\n</c>.</summary>
    /// <exception cref="FormatException">It is no RSA private key in PEM form.</exception>
    public static Secret AppPrivateKey(string text)
    {
        var pem = text.Replace("\\n", "\n", StringComparison.Ordinal);
        return IsPrivateKey(pem)
            ? new Secret(pem)
            : throw new FormatException(
                "expected the .pem file that GitHub gave for the App's private key, whole, from -----BEGIN RSA PRIVATE KEY----- to the END line."
            );
    }

    // What is wrong with it is not told: the library's own words could quote the key.
    private static bool IsPrivateKey(string pem)
    {
        try
        {
            using var key = RSA.Create();
            key.ImportFromPem(pem);
            key.ExportParameters(includePrivateParameters: true);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Letters, digits and hyphens; managed users have an underscore before their enterprise's short code.</summary>
    private static bool IsLogin(string text) =>
        text.Length <= MaxLogin && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
