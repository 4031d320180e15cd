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
