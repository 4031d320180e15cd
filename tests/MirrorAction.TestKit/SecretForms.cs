using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;

namespace MirrorAction.TestKit;

/// <summary>
/// The forms in which a token could leave the process, and the search for them and for every part of them that is long enough to matter.
/// </summary>
public static partial class SecretForms
{
    /// <summary>No run of so many characters of a secret may be seen anywhere.</summary>
    public const int Run = 12;

    private static readonly string[] s_users =
    [
        "x-access-token",
        "x-token-auth",
        "x-bitbucket-api-token-auth",
        "reader",
        "writer",
        "mirror@acme.example",
        "",
    ];

    /// <summary>
    /// The token itself, as URLs and JSON write it, in Base64 alone, behind each git user and behind <c>Bearer</c>, with padding and without.
    /// </summary>
    public static IEnumerable<string> Of(string token) =>
        s_users
            .Select(user => Base64($"{user}:{token}"))
            .Append(Base64(token))
            .Append(Base64($"Bearer {token}"))
            .SelectMany(form => new[] { form, form.TrimEnd('=') })
            .Concat([
                token,
                Uri.EscapeDataString(token),
                HttpUtility.UrlEncode(token),
                JsonEncodedText.Encode(token).ToString(),
                token.Replace("/", "\\/", StringComparison.Ordinal),
            ])
            .Distinct();

    /// <summary>Where a form of a token, or <see cref="Run"/> characters of one, is in a text; null when none is.</summary>
    /// <remarks>
    /// The runner's own <c>::add-mask::</c> lines are how it learns what to hide. What stands before a token in Base64 is no secret, so that all
    /// three ways in which Base64 can fall on a token are looked for instead. Signs that do not show, line breaks, tags and escapes hide nothing from
    /// who reads on.
    /// </remarks>
    public static string? Find(string text, params string[] tokens)
    {
        var visible = string.Join('\n', text.Split('\n').Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal)));
        string[] readings =
        [
            visible,
            Bare(visible),
            Bare(Tag().Replace(visible, "")),
            Bare(Decoded(visible)),
            Bare(Tag().Replace(Decoded(visible), "")),
        ];
        foreach (var part in tokens.SelectMany(Parts))
        {
            foreach (var reading in readings)
            {
                if (reading.IndexOf(part, StringComparison.Ordinal) is var at and >= 0)
                    return $"'{part}' in …{reading[Math.Max(0, at - 200)..Math.Min(reading.Length, at + part.Length + 50)]}…";
            }
        }

        return null;
    }

    private static IEnumerable<string> Parts(string token)
    {
        string[] forms =
        [
            token,
            Uri.EscapeDataString(token),
            HttpUtility.UrlEncode(token),
            JsonEncodedText.Encode(token).ToString(),
            token.Replace("/", "\\/", StringComparison.Ordinal),
            .. Enumerable.Range(0, 3).Select(before => Base64(new string('x', before) + token).TrimEnd('=')[(before == 0 ? 0 : before + 1)..^1]),
        ];
        return Of(token)
            .Concat(
                forms.SelectMany(form =>
                    form.Length <= Run ? [form] : Enumerable.Range(0, form.Length - Run + 1).Select(at => form.Substring(at, Run))
                )
            )
            .Distinct();
    }

    private static string Bare(string text) => string.Concat(TerminalSequence().Replace(text, "").Where(c => c is > ' ' and <= '~'));

    private static string Decoded(string text) =>
        WebUtility.HtmlDecode(
            Uri.UnescapeDataString(
                Unicode().Replace(text, m => ((char)Convert.ToUInt16(m.Groups[1].Value, 16)).ToString()).Replace("\\/", "/", StringComparison.Ordinal)
            )
        );

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex("</?[a-zA-Z!][^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b[ -/]*[0-~]")]
    private static partial Regex TerminalSequence();

    [GeneratedRegex(@"\\u([0-9a-fA-F]{4})")]
    private static partial Regex Unicode();
}
