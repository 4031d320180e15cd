using System.Text;
using MirrorAction.Http;
using MirrorAction.Secrets;

namespace MirrorAction.Reporting;

/// <summary>Puts foreign text into GitHub's Markdown so that it shows as it is and does nothing.</summary>
internal static class MarkdownText
{
    /// <summary>A cell with more would push the rest of the table away.</summary>
    private const int MaxCell = 600;

    /// <summary>One line of text without markup, links, mentions or characters that turn the direction of reading.</summary>
    public static string Escape(string text)
    {
        var printable = TextSanitizer.Printable(text.Length > 4 * MaxCell ? text[..(4 * MaxCell)] : text).Trim();
        var cut = printable.Length > MaxCell ? printable[..MaxCell] + "…" : printable;
        var escaped = new StringBuilder(cut.Length + 16);
        for (var i = 0; i < cut.Length; i++)
        {
            switch (cut[i])
            {
                // An entity alone does not stop a mention, because mentions are looked for in the finished page; an invisible gap does.
                case '@':
                    escaped.Append("@&#8203;");
                    break;
                case '&' or '<' or '>' or '"' or '\'' or '`' or '|' or '\\' or '*' or '_' or '[' or ']' or '~' or '#' or '!' or '$':
                    escaped.Append("&#").Append((int)cut[i]).Append(';');
                    break;

                // What looks like an address would become a link.
                case ':' when i + 1 < cut.Length && cut[i + 1] == '/':
                    escaped.Append("&#58;");
                    break;
                case '.' when i >= 3 && cut.AsSpan(i - 3, 3).Equals("www", StringComparison.OrdinalIgnoreCase):
                    escaped.Append("&#46;");
                    break;
                case var c:
                    escaped.Append(char.IsSurrogate(c) && !IsPaired(cut, i) ? '\uFFFD' : c);
                    break;
            }
        }

        return escaped.ToString();
    }

    /// <summary>Text in code style; nothing in it is taken for an issue, an emoji or a commit.</summary>
    public static string Code(string text) => $"<code>{Escape(text)}</code>";

    /// <summary>A link when there is a web address, else the text alone.</summary>
    public static string Link(string text, string? url) =>
        url is not null
        && Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address.Scheme is "https" or "http"
        && address.UserInfo.Length == 0
            ? $"[{Escape(text)}]({Destination(address)})"
            : Escape(text);

    private static string Destination(Uri address) =>
        new StringBuilder(address.AbsoluteUri)
            .Replace("(", "%28")
            .Replace(")", "%29")
            .Replace("|", "%7C")
            .Replace("<", "%3C")
            .Replace(">", "%3E")
            .Replace("\\", "%5C")
            .Replace("`", "%60")
            .Replace("*", "%2A")
            .ToString();

    private static bool IsPaired(string text, int i) =>
        (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) || (i > 0 && char.IsSurrogatePair(text[i - 1], text[i]));
}
