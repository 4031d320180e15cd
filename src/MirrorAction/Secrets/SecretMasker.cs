using System.Text;
using MirrorAction.GitHubActions;
using MirrorAction.Inputs;

namespace MirrorAction.Secrets;

/// <summary>
/// Knows every secret of the process and the forms in which it could turn up, hides them from the runner's log and removes them, and whatever is left
/// of one that was cut or broken up, from everything this program writes. Thread-safe; grows with the tokens that are minted during a run.
/// </summary>
internal sealed class SecretMasker
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Mask = "***";

    /// <summary>The users with which GitHub, Bitbucket and GitLab want a token over HTTPS.</summary>
    private static readonly string[] s_gitUsers = ["x-access-token", "x-token-auth", "x-bitbucket-api-token-auth", "oauth2"];

    private readonly Lock _lock = new();
    private readonly string[] _users;

    // Replaced as a whole, never changed: readers take no lock.
    private volatile Known _known = new([], new SecretParts([]));

    /// <summary>Takes the secrets and the users they may be joined with for Basic authentication.</summary>
    /// <param name="secrets">The secrets.</param>
    /// <param name="users">Those users.</param>
    /// <param name="urls">Addresses that are secrets.</param>
    public SecretMasker(IEnumerable<string> secrets, IEnumerable<string> users, IEnumerable<string>? urls = null)
    {
        _users = [.. users.Concat(s_gitUsers).Append("").Distinct(StringComparer.Ordinal)];
        Add(secrets);
        AddUrls([.. urls ?? []]);
    }

    /// <summary>Nothing is secret.</summary>
    public static SecretMasker None => new([], []);

    /// <summary>Hides more secrets from now on; gives their forms.</summary>
    public IReadOnlyList<string> Add(IEnumerable<string> secrets)
    {
        string[] forms =
        [
            .. secrets.Distinct(StringComparer.Ordinal).SelectMany(secret => SecretEncodings.Of(secret, _users)).Distinct(StringComparer.Ordinal),
        ];
        lock (_lock)
        {
            _known = new([.. _known.Forms.Union(forms, StringComparer.Ordinal)], _known.Parts.With(SecretEncodings.WithoutFrame(forms)));
        }

        return forms;
    }

    /// <summary>
    /// Hides addresses, and what looks like a token in them. Only as a whole: nobody is sent them who could send them back in pieces, and pieces of
    /// them (a host, the name of an organisation in a topic) are in many texts that must stay readable.
    /// </summary>
    private void AddUrls(IReadOnlyList<string> urls)
    {
        _known = _known with { Forms = [.. _known.Forms.Union(urls.Concat(urls.SelectMany(SecretUrl.TokensIn)), StringComparer.Ordinal)] };
    }

    /// <summary>
    /// Takes all credentials out of the environment, used by this call or not, and those that are in a wrong place, before anything is validated: an
    /// error message must be masked too.
    /// </summary>
    public static SecretMasker For(EnvironmentVariables environment, IReadOnlyList<string> arguments)
    {
        IEnumerable<string?> Values(ActionInput input) => input.Fallbacks.Prepend(input.Variable).Select(name => environment[name]);
        ActionInput[] addresses = [AlarmInputs.HeartbeatUrl, AlarmInputs.NotifyUrl];
        var inputs = ActionInputs.All.Where(input => input.IsSecret).Except(addresses).SelectMany(Values);
        IEnumerable<string?> secrets =
        [
            .. inputs.Select(value => PrivateKeyFile.TryRead(value) ?? value),
            environment["MIRROR_SOURCE_TOKEN"],
            environment["MIRROR_DESTINATION_TOKEN"],
            .. EnvironmentProxy.SecretsIn(environment),
            .. MisplacedSecrets.In(arguments, environment),
        ];
        IEnumerable<string?> users =
        [
            .. Values(BitbucketInputs.Email),
            .. Values(BitbucketInputs.OAuthKey),
            .. Values(HostRole.Source.Username),
            .. Values(HostRole.Destination.Username),
            .. OptionValues(arguments, HostRole.Source.Username),
            .. OptionValues(arguments, HostRole.Destination.Username),
        ];
        return new SecretMasker(secrets.OfType<string>(), users.OfType<string>(), addresses.SelectMany(Values).OfType<string>());
    }

    /// <summary>What follows an option on the command line, which is not yet validated.</summary>
    private static IEnumerable<string> OptionValues(IReadOnlyList<string> arguments, ActionInput input)
    {
        var option = $"--{input.Name}";
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == option && i + 1 < arguments.Count)
            {
                yield return arguments[i + 1].Trim();
            }
            else if (arguments[i].StartsWith(option, StringComparison.Ordinal) && arguments[i][option.Length..] is ['=' or ':', .. var value])
            {
                yield return value.Trim();
            }
        }
    }

    /// <summary>Tells the runner all forms. Must come before any other output.</summary>
    public void Announce(TextWriter output)
    {
        foreach (var form in _known.Forms)
        {
            output.WriteLine(WorkflowCommands.AddMask(form));
        }
    }

    /// <summary>The text without secrets and without parts of them.</summary>
    public string Redact(string text)
    {
        var known = _known;
        List<(int Start, int End)> places = [.. known.Parts.Find(text)];
        foreach (var form in known.Forms)
        {
            for (var at = text.IndexOf(form, StringComparison.Ordinal); at >= 0; at = text.IndexOf(form, at + 1, StringComparison.Ordinal))
            {
                places.Add((at, at + form.Length));
            }
        }

        if (places.Count == 0)
        {
            return text;
        }

        places.Sort();
        var redacted = new StringBuilder(text.Length);
        var done = 0;
        foreach (var (start, end) in places)
        {
            // What overlaps the place before, or goes on where it ends, is behind the same mask.
            if (start > done || redacted.Length == 0)
            {
                redacted.Append(text, done, start - done).Append(Mask);
            }

            done = Math.Max(done, end);
        }

        return redacted.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>What is hidden.</summary>
    /// <param name="Forms">As a whole, in every form.</param>
    /// <param name="Parts">What is left of them.</param>
    private sealed record Known(string[] Forms, SecretParts Parts);
}
