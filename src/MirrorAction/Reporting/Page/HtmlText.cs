using System.Text;
using MirrorAction.Http;

namespace MirrorAction.Reporting.Page;

/// <summary>Puts foreign text into the page so that it shows as it is and does nothing.</summary>
internal static class HtmlText
{
    private const int MaxLength = 2_000;

    /// <summary>Text, or the value of an attribute between double quotes.</summary>
    public static string Escape(string text)
    {
        var cut = text.Length > MaxLength ? text[..MaxLength] + "…" : text;

        // No more than HTML needs: WebUtility makes an entity of each letter with an accent, too.
        return new StringBuilder(TextSanitizer.Printable(cut).Trim())
            .Replace("&", "&amp;")
            .Replace("<", "&lt;")
            .Replace(">", "&gt;")
            .Replace("\"", "&quot;")
            .Replace("'", "&#39;")
            .ToString();
    }

    /// <summary>Text in code style.</summary>
    public static string Code(string text) => $"<code>{Escape(text)}</code>";

    /// <summary>A link when there is a web address, else the text alone.</summary>
    public static string Link(string text, string? url) =>
        url is not null
        && Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address.Scheme is "https" or "http"
        && address.UserInfo.Length == 0
            ? $"<a href=\"{Escape(address.AbsoluteUri)}\">{Escape(text)}</a>"
            : Escape(text);

    /// <summary>An argument for a shell, whatever is in it.</summary>
    public static string ShellQuote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
