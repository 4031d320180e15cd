using System.Text.Json.Serialization;

namespace MirrorAction.Hosts;

/// <summary>One line of the checklist that <c>doctor</c> makes. Immutable; texts hold no secret and no raw text of a server.</summary>
/// <param name="Level">How it looks.</param>
/// <param name="Check">What was looked at, in a few words: <c>GitHub token</c>.</param>
/// <param name="Message">What was found, in a sentence.</param>
/// <param name="Hint">What to do about it; null when there is nothing to do. Reports have always called it <c>cure</c>.</param>
public sealed record Diagnostic(DiagnosticLevel Level, string Check, string Message, [property: JsonPropertyName("cure")] string? Hint = null);

/// <summary>How a finding looks.</summary>
public enum DiagnosticLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It could not be looked at, or was not: nobody knows.</summary>
    NotChecked,

    /// <summary>A mirror will run, but someone should know or do something.</summary>
    Warning,

    /// <summary>A mirror, or some repositories of it, will fail.</summary>
    Problem,
}

/// <summary>What a host said about itself and the credentials. Immutable.</summary>
/// <param name="Findings">One or more.</param>
/// <param name="IsUsable">The host answers these credentials, so that more can be asked.</param>
public sealed record HostDiagnostics(IReadOnlyList<Diagnostic> Findings, bool IsUsable);
