namespace MirrorAction.Inputs;

/// <summary>A credential. It shows itself only to callers of <see cref="Reveal"/>; text made of it by accident is <c>***</c>.</summary>
internal sealed class Secret(string value)
{
    /// <summary>The credential itself, for a request header and for the masker.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => "***";

    /// <summary>Takes printable ASCII without spaces: nothing else fits into a request header, and no host issues anything else.</summary>
    /// <exception cref="FormatException">Something else is in it, most often a line break from copying. It is never shown.</exception>
    public static Secret Read(string text) =>
        text is [var first and ('"' or '\''), .., var last] && first == last
            ? throw new FormatException("is in quotes, which are no part of a token; give it without them.")
        : text.All(c => c is > ' ' and <= '~') ? new Secret(text)
        : throw new FormatException("holds a space, a line break or a character that no token has; copy the token again.");
}

/// <summary>An address that lets whoever knows it send messages. It shows itself only to callers of <see cref="Reveal"/>.</summary>
internal sealed class SecretUrl(Uri url)
{
    private const int MaxLength = 2000;

    /// <summary>A shorter part is a word, and so may be one without a digit: a topic, a name.</summary>
    private const int LeastToken = 10;

    /// <summary>The address itself, for a request.</summary>
    public Uri Reveal() => url;

    /// <inheritdoc/>
    public override string ToString() => "***";

    /// <summary>Takes an <c>https</c> URL, or <c>http</c> on this machine. What is wrong with it is told without it.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static SecretUrl Read(string text)
    {
        if (text.Length > MaxLength || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
        {
            throw new FormatException("expected a URL that begins with https://, whole, as the service shows it.");
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            throw new FormatException("must have neither a user or password before an '@' nor a part behind a '#'.");
        }

        return url.Scheme == "https" || InputFormat.IsLoopback(url)
            ? new SecretUrl(url)
            : throw new FormatException("would be sent in the clear; use https:// (http:// is for loopback hosts only).");
    }

    /// <summary>
    /// What of an address is a secret wherever it stands: the parts that look like a token. Its host is in many other texts, which must stay
    /// readable; the address as a whole is to be hidden besides.
    /// </summary>
    public static IEnumerable<string> TokensIn(string text) =>
        text.Split('/', '?', '&', '=').Skip(text.Contains("://", StringComparison.Ordinal) ? 3 : 0).Where(IsToken);

    private static bool IsToken(string part) => part.Length >= LeastToken && part.Any(char.IsAsciiDigit) && part.Any(char.IsAsciiLetter);
}
