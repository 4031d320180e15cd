namespace MirrorAction.Mirroring.Verify;

/// <summary>What a verification is asked. Immutable.</summary>
/// <param name="IsDeep">Every object of the mirrors is read, not only their refs.</param>
public sealed record VerifyOptions(bool IsDeep = false);
