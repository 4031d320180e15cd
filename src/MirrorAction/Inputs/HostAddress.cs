namespace MirrorAction.Inputs;

/// <summary>The base of a host's URLs as somebody gave it: where a credential goes.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Label">What a message calls it, with the place it came from.</param>
/// <param name="Url">The base.</param>
internal sealed record HostAddress(string Input, string Label, Uri Url);
