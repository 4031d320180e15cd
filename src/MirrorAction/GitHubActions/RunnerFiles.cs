using System.Text;
using MirrorAction.Inputs;
using MirrorAction.Secrets;

namespace MirrorAction.GitHubActions;

/// <summary>
/// The files through which a step talks to the runner: <c>GITHUB_OUTPUT</c> and <c>GITHUB_STEP_SUMMARY</c>. Outside a step the
/// variables are missing; then nothing is written and nothing is wrong. What is written holds no secret.
/// </summary>
internal sealed class RunnerFiles(EnvironmentVariables environment, SecretMasker masker)
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Sets outputs of the step.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void AppendOutputs(IEnumerable<KeyValuePair<string, string>> outputs)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in outputs)
        {
            var clean = masker.Redact(value).ReplaceLineEndings("\n");
            var delimiter = Delimiter(clean);
            text.Append(name).Append("<<").Append(delimiter).Append('\n').Append(clean).Append('\n').Append(delimiter).Append('\n');
        }

        Append("GITHUB_OUTPUT", text.ToString());
    }

    /// <summary>Adds Markdown to the step's summary.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void AppendSummary(string markdown) => Append("GITHUB_STEP_SUMMARY", masker.Redact(markdown));

    /// <summary>A line that the value does not hold; chance alone makes that certain, the check makes it sure.</summary>
    private static string Delimiter(string value)
    {
        string delimiter;
        do
        {
            delimiter = $"ghadelimiter_{Guid.NewGuid():N}";
        } while (value.Contains(delimiter, StringComparison.Ordinal));
        return delimiter;
    }

    private void Append(string variable, string text)
    {
        if (environment[variable] is { } path)
        {
            File.AppendAllText(path, text, s_utf8);
        }
    }
}
