using System.Text;

namespace MirrorAction.TestKit;

/// <summary>What a run of git left behind.</summary>
/// <param name="Arguments">What git was asked.</param>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Output">Standard output, byte for byte.</param>
/// <param name="Error">Standard error.</param>
public sealed record GitOutcome(IReadOnlyList<string> Arguments, int ExitCode, byte[] Output, string Error)
{
    /// <summary>Standard output as UTF-8, without the last line break.</summary>
    public string Text => Encoding.UTF8.GetString(Output).TrimEnd('\n');

    /// <summary>Standard output with one character per byte, for names that are in no known encoding.</summary>
    public string Latin1 => Encoding.Latin1.GetString(Output);

    /// <summary>Returns this outcome when git ended well.</summary>
    /// <exception cref="GitFailedException">It did not; the message holds both outputs.</exception>
    public GitOutcome EnsureSuccess() => ExitCode == 0 ? this : throw new GitFailedException(this);
}

/// <summary>git ended with another code than 0.</summary>
public sealed class GitFailedException(GitOutcome outcome)
    : Exception($"git {string.Join(' ', outcome.Arguments)} ended with {outcome.ExitCode}.\n{outcome.Error}{outcome.Text}")
{
    /// <summary>The exit code and both outputs.</summary>
    public GitOutcome Outcome => outcome;
}
