namespace MirrorAction.Inputs;

/// <summary>Checks a credential without ever showing it.</summary>
internal static class CredentialText
{
    /// <summary>Takes printable ASCII without spaces: nothing else fits into a request header, and no host issues anything else.</summary>
    /// <exception cref="FormatException">Something else is in it, most often a line break from copying.</exception>
    public static Secret Read(string text) =>
        text.All(c => c is > ' ' and <= '~')
            ? new Secret(text)
            : throw new FormatException("holds a space, a line break or a character that no token has; copy the token again.");
}
