namespace MirrorAction.Hosts;

/// <summary>What a host said about itself and the credentials. Immutable.</summary>
/// <param name="Findings">One or more.</param>
/// <param name="IsUsable">The host answers these credentials, so that more can be asked.</param>
public sealed record HostDiagnostics(IReadOnlyList<Diagnostic> Findings, bool IsUsable);
