namespace MirrorAction.Inputs;

/// <summary>A credential. It shows itself only to who asks by <see cref="Reveal"/>; text made of it by accident is <c>***</c>.</summary>
internal sealed class Secret(string value)
{
    /// <summary>The credential itself, for a request header and for the masker.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => "***";
}
