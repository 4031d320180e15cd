using System.Text;
using System.Web;

namespace MirrorAction.TestKit;

/// <summary>The forms in which a token could leave the process, and the search for them.</summary>
public static class SecretForms
{
    private static readonly string[] s_users = ["x-access-token", "x-token-auth", "x-bitbucket-api-token-auth", "reader", "writer", "mirror@acme.example", ""];

    /// <summary>The token itself, URL-encoded, in Base64 alone and behind each git user, with padding and without.</summary>
    public static IEnumerable<string> Of(string token) =>
        s_users.Select(user => Base64($"{user}:{token}")).Append(Base64(token)).SelectMany(form => new[] { form, form.TrimEnd('=') })
            .Concat([token, Uri.EscapeDataString(token), HttpUtility.UrlEncode(token)]).Distinct();

    /// <summary>Where a form of a token is in a text; null when none is. The runner's own <c>::add-mask::</c> lines are how it learns what to hide.</summary>
    public static string? Find(string text, params string[] tokens)
    {
        var visible = string.Join('\n', text.Split('\n').Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal)));
        foreach (var form in tokens.SelectMany(Of))
        {
            if (visible.IndexOf(form, StringComparison.Ordinal) is var at and >= 0)
                return $"'{form}' in …{visible[Math.Max(0, at - 200)..Math.Min(visible.Length, at + form.Length + 50)]}…";
        }

        return null;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
