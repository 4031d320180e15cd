using System.Text.RegularExpressions;
using MirrorAction.Configuration;

namespace MirrorAction.Runner;

/// <summary>
/// Finds credentials where none belongs: in an option, in a URL, in another input. Such a configuration is refused with a message that may quote it, and a
/// quoted credential must be hidden like any other.
/// </summary>
internal static partial class MisplacedSecrets
{
    private const int MatchTimeoutMs = 1000;

    private static readonly string[] s_words = ["token", "secret", "password", "passwd"];

    /// <summary>All that look like one.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Of which inputs, and what goes with <c>sync</c>, are looked at.</param>
    public static IEnumerable<string> In(IReadOnlyList<string> arguments, EnvironmentVariables environment)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            // Any option that is named like a credential, mistyped or not: --gihub-token X, --password=X.
            if (arguments[i].StartsWith('-') && IsNamedLikeOne(arguments[i].Split('=', ':')[0]))
            {
                var value = arguments[i].IndexOfAny(['=', ':']) is var sign and > 0 ? arguments[i][(sign + 1)..]
                    : i + 1 < arguments.Count && !arguments[i + 1].StartsWith('-') ? arguments[i + 1]
                    : "";
                yield return value.Trim();
            }
        }

        var inputs = environment.Names.Where(name => name.StartsWith("INPUT_", StringComparison.Ordinal) || name.StartsWith("MIRROR_", StringComparison.Ordinal)).ToList();
        foreach (var value in inputs.Where(IsNamedLikeOne).Select(name => environment[name]).OfType<string>())
        {
            yield return value;
        }

        foreach (var secret in arguments.Concat(inputs.Select(name => environment[name]).OfType<string>()).SelectMany(InText))
        {
            yield return secret;
        }
    }

    /// <summary>All that look like one in a configuration file, where none may be.</summary>
    /// <param name="text">The file, good or broken.</param>
    public static IEnumerable<string> InFile(string text) =>
        NamedValue().Matches(text).Select(match => match.Groups["value"].Value.Split(" #")[0].Trim().Trim('"', '\'').Trim()).Concat(InText(text));

    private static IEnumerable<string> InText(string text)
    {
        foreach (var token in TokenOfAHost().Matches(text).Select(match => match.Value))
        {
            yield return token;
        }

        foreach (var login in UserInfo().Matches(text).Select(match => match.Groups["login"].Value))
        {
            // A token may stand in the user's place as well.
            foreach (var part in login.Split(':', 2))
            {
                yield return part;
                yield return Uri.UnescapeDataString(part);
            }
        }
    }

    private static bool IsNamedLikeOne(string name) => s_words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    // The prefixes that GitHub and Atlassian give their tokens so that they can be found. Behind dots: an installation token ends with a JWT.
    [GeneratedRegex(@"(gh[oprsu]_|github_pat_|ATATT|ATCTT|ATBB)[A-Za-z0-9_=\-]{8,}(\.[A-Za-z0-9_=\-]+)*", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, MatchTimeoutMs)]
    private static partial Regex TokenOfAHost();

    [GeneratedRegex(@"//(?<login>[^/\s@]+)@", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, MatchTimeoutMs)]
    private static partial Regex UserInfo();

    // A line of YAML whose key is named like a credential. Bounded, or a long line of such words takes the square of its length.
    [GeneratedRegex(@"(token|secret|password|passwd|private-key)[\w\-""']{0,64}[ \t]*:[ \t]+(?<value>[^\r\n]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, MatchTimeoutMs)]
    private static partial Regex NamedValue();
}
