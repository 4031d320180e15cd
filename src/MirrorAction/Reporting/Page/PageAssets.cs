using System.Security.Cryptography;
using System.Text;

namespace MirrorAction.Reporting.Page;

/// <summary>The one style and the one script of the page, and the policy that lets a browser run these two and load nothing.</summary>
internal static class PageAssets
{
    /// <summary>The style.</summary>
    public static string Style { get; } = Read("page.css");

    /// <summary>The script. Without it the page can be read all the same.</summary>
    public static string Script { get; } = Read("page.js");

    /// <summary>The content security policy (CSP level 3).</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'";

    private static string Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return $"\n{reader.ReadToEnd().ReplaceLineEndings("\n")}";
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
