using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Web;

namespace MirrorAction.Secrets;

/// <summary>
/// The forms in which a secret may turn up: as it is, as URLs, JSON and Base64 write it, and as a part of what is sent in a header.
/// </summary>
internal static class SecretEncodings
{
    /// <summary>Shorter values are no credentials, and removing them would take letters out of every word.</summary>
    private const int MinLength = 4;

    /// <summary>A shorter piece of Base64 is in many words.</summary>
    private const int MinPiece = 8;

    /// <summary>All forms, each once, the longest first.</summary>
    /// <param name="secret">The secret; a private key may have several lines.</param>
    /// <param name="users">Those it may be joined with for Basic authentication.</param>
    public static IEnumerable<string> Of(string secret, IReadOnlyList<string> users)
    {
        if (secret.Length < MinLength)
        {
            return [];
        }

        // Log lines are masked one by one, so a secret of several lines (a private key) is masked by each, however its line breaks are written.
        var lines = secret
            .Replace("\\n", "\n", StringComparison.Ordinal)
            .Split(['\r', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> ofLines =
            lines.Length > 1
                ? [string.Join('\n', lines), string.Join("\\n", lines), .. lines.Where(line => line.Length >= MinLength && !IsFrame(line))]
                : [];
        var behindUsers = lines.Length > 1 ? [] : users.Select(user => $"{user}:{secret}").Append($"Bearer {secret}").Select(InBase64);
        string[] forms = [.. Written(secret), .. Pieces(secret), .. behindUsers, .. ofLines];
        return forms.Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length);
    }

    /// <summary>
    /// The forms of which no part may be seen. The frame of a private key is in every key, and in what this program says about them.
    /// </summary>
    public static IEnumerable<string> WithoutFrame(IEnumerable<string> forms) =>
        forms.Select(form => string.Concat(form.Replace("\\n", "\n", StringComparison.Ordinal).Split('\n').Where(line => !IsFrame(line.Trim()))));

    private static IEnumerable<string> Written(string secret)
    {
        var json = JsonEncodedText.Encode(secret).ToString();
        return
        [
            secret,
            Uri.EscapeDataString(secret),
            WebUtility.UrlEncode(secret),
            HttpUtility.UrlEncode(secret), // The last with digits in lower case.
            json,
            json.Replace("/", "\\/", StringComparison.Ordinal),
            JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString().Replace("/", "\\/", StringComparison.Ordinal),
        ];
    }

    /// <summary>
    /// What any text that holds the secret has in Base64, whatever stands before and behind it: three forms, for a group of Base64 is three bytes.
    /// </summary>
    private static IEnumerable<string> Pieces(string secret)
    {
        yield return InBase64(secret);
        for (var before = 0; before < 3; before++)
        {
            // What the neighbours have a part in goes.
            var bytes = before + Encoding.UTF8.GetByteCount(secret);
            var piece = InBase64(new string('\0', before) + secret)[(before == 0 ? 0 : before + 1)..^(bytes % 3 == 0 ? 0 : 1)];
            if (piece.Length >= MinPiece)
            {
                yield return piece;
            }
        }
    }

    private static bool IsFrame(string line) => line.StartsWith("-----", StringComparison.Ordinal);

    /// <summary>Without padding, so that the form is found with and without it.</summary>
    private static string InBase64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=');
}
