using System.Net;
using System.Text;
using System.Web;
using MirrorAction.Configuration;

namespace MirrorAction.Runner;

/// <summary>
/// Knows every secret of the process and the forms in which it could turn up, hides them from the runner's log and removes them from everything this
/// program writes. Thread-safe; grows with the tokens that are minted during a run.
/// </summary>
internal sealed class SecretMasker
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Mask = "***";

    /// <summary>Shorter values are no credentials, and removing them would take letters out of every word.</summary>
    private const int MinLength = 4;

    /// <summary>The users with which GitHub and Bitbucket want a token over HTTPS.</summary>
    private static readonly string[] s_gitUsers = ["x-access-token", "x-token-auth", "x-bitbucket-api-token-auth"];

    private readonly Lock _lock = new();
    private readonly List<string> _users;

    // Replaced as a whole, never changed: readers take no lock.
    private volatile string[] _forms;

    /// <summary>Takes the secrets and the users they may be joined with for Basic authentication.</summary>
    public SecretMasker(IEnumerable<string> secrets, IEnumerable<string> users)
    {
        _users = [.. users.Concat(s_gitUsers).Append("").Distinct(StringComparer.Ordinal)];
        _forms = Sorted(secrets.SelectMany(FormsOf));
    }

    /// <summary>Nothing is secret.</summary>
    public static SecretMasker None => new([], []);

    /// <summary>Hides more secrets from now on; gives their forms.</summary>
    public IReadOnlyList<string> Add(IEnumerable<string> secrets)
    {
        var forms = Sorted(secrets.Distinct(StringComparer.Ordinal).SelectMany(FormsOf));
        lock (_lock)
        {
            _forms = Sorted(_forms.Concat(forms));
        }

        return forms;
    }

    /// <summary>
    /// Takes all credentials out of the environment, used by this call or not, and those that are in a wrong place, before anything is validated: an error
    /// message must be masked too.
    /// </summary>
    public static SecretMasker For(EnvironmentVariables environment, IReadOnlyList<string> arguments)
    {
        IEnumerable<string?> Values(ActionInput input) => [environment[input.Variable], input.Fallback is null ? null : environment[input.Fallback]];
        var inputs = ActionInputs.All.Where(input => input.IsSecret).SelectMany(Values);
        IEnumerable<string?> secrets = [.. inputs, environment["MIRROR_SOURCE_TOKEN"], environment["MIRROR_DESTINATION_TOKEN"], .. MisplacedSecrets.In(arguments, environment)];
        IEnumerable<string?> users =
            [.. Values(ActionInputs.BitbucketEmail), .. Values(ActionInputs.BitbucketOAuthKey), environment["MIRROR_SOURCE_USERNAME"], environment["MIRROR_DESTINATION_USERNAME"]];
        return new SecretMasker(secrets.OfType<string>(), users.OfType<string>());
    }

    /// <summary>Tells the runner all forms. Must come before any other output.</summary>
    public void Announce(TextWriter output)
    {
        foreach (var form in _forms)
        {
            output.WriteLine(WorkflowCommands.AddMask(form));
        }
    }

    /// <summary>The text without secrets.</summary>
    public string Redact(string text)
    {
        foreach (var form in _forms)
        {
            text = text.Replace(form, Mask, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>The longest first, so that no part of a form is left over.</summary>
    private static string[] Sorted(IEnumerable<string> forms) =>
        [.. forms.Where(form => form.Length >= MinLength).Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length).ThenBy(form => form, StringComparer.Ordinal)];

    private IEnumerable<string> FormsOf(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return WebUtility.UrlEncode(secret);
        yield return HttpUtility.UrlEncode(secret); // With digits in lower case.
        yield return Base64(bytes);
        foreach (var user in _users)
        {
            yield return Base64(Encoding.UTF8.GetBytes($"{user}:{secret}"));
        }

        // Log lines are masked one by one, so a secret of several lines (a private key) is masked by each, however its line breaks are written.
        var lines = secret.Replace("\\n", "\n", StringComparison.Ordinal).Split(['\r', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length > 1)
        {
            yield return string.Join('\n', lines);
            yield return string.Join("\\n", lines);
        }

        foreach (var line in lines.Where(line => !IsFrame(line)))
        {
            yield return line;
        }
    }

    /// <summary><c>-----BEGIN …-----</c> is in every key and in what this program says about them.</summary>
    private static bool IsFrame(string line) => line.StartsWith("-----", StringComparison.Ordinal);

    /// <summary>Without padding, so that the form is found with and without it.</summary>
    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}
