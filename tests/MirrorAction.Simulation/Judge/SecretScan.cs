using System.Text;

namespace MirrorAction.Simulation.Evaluate;

/// <summary>(8) No twelve characters of a secret in a row are in anything that the program writes, in no form in which it may have come.</summary>
internal static class SecretScan
{
    private const int Window = 12;

    /// <summary>Looks through all texts of a run.</summary>
    public static void Hold(Settings settings, Leavings leavings, List<Wrong> wrongs)
    {
        var windows = new HashSet<string>(StringComparer.Ordinal);
        foreach (var form in Forms(settings.GitHubToken, "x-access-token").Concat(Forms(settings.BitbucketToken, "x-token-auth")))
        {
            for (var i = 0; i + Window <= form.Length; i++)
                windows.Add(form.Substring(i, Window));
        }

        var lookup = windows.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (name, text) in leavings.Texts)
        {
            foreach (var line in text.AsSpan().EnumerateLines())
            {
                // How the runner learns what to hide.
                if (line.StartsWith("::add-mask::", StringComparison.Ordinal))
                    continue;
                for (var i = 0; i + Window <= line.Length; i++)
                {
                    if (!lookup.Contains(line.Slice(i, Window)))
                        continue;
                    wrongs.Add(new Wrong(8, $"a part of a secret is in {name}: …{line[Math.Max(0, i - 60)..Math.Min(line.Length, i + 60)]}…"));
                    break;
                }
            }
        }
    }

    /// <summary>The token as it is and in Base64, alone and behind its user; of the latter only what depends on the token.</summary>
    private static IEnumerable<string> Forms(string token, string user)
    {
        yield return token;
        yield return Base64(token);
        yield return Base64($"Bearer {token}")[12..];
        yield return Base64($"Basic {user}:{token}")[(4 * ((user.Length + 9) / 3))..];
        yield return Base64($"{user}:{token}")[(4 * ((user.Length + 3) / 3))..];
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=');
}
