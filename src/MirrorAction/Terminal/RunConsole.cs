using MirrorAction.GitHubActions;
using MirrorAction.Secrets;

namespace MirrorAction.Terminal;

/// <summary>
/// The one way to the screen or log: line by line, from any thread, without secrets. An interactive terminal also has a status line at the bottom,
/// which makes room for each line and comes back below it.
/// </summary>
/// <param name="output">Where everything goes; not owned.</param>
/// <param name="masker">Removes secrets from every line.</param>
internal sealed class RunConsole(TextWriter output, SecretMasker masker)
{
    private const string EraseLine = "\r\u001b[K";

    private readonly Lock _lock = new();
    private string _status = "";

    /// <summary>Keeps the lines of other threads out until the scope is disposed; may be nested.</summary>
    public Lock.Scope Hold() => _lock.EnterScope();

    /// <summary>Prints one line of this program's own making, such as a workflow command.</summary>
    public void WriteLine(string line)
    {
        using var scope = _lock.EnterScope();
        output.WriteLine((_status.Length > 0 ? EraseLine : "") + masker.Redact(line));
        output.Write(_status);
        output.Flush();
    }

    /// <summary>The text without secrets. For texts of several lines, before they are taken apart: a secret may go on in the next line.</summary>
    public string Redact(string text) => masker.Redact(text);

    /// <summary>Prints text that may hold anything.</summary>
    /// <param name="text">The text; each of its lines is made safe.</param>
    /// <param name="prefix">Stands in front of the first line.</param>
    /// <param name="continuation">Stands in front of the others; as wide as the prefix.</param>
    /// <param name="columns">The longest line; null for any.</param>
    /// <param name="paint">Gives a line its colour; takes no room.</param>
    public void WriteText(string text, string prefix = "", string continuation = "", int? columns = null, Func<string, string>? paint = null)
    {
        using var scope = _lock.EnterScope();

        // Redacted before it is taken apart: a secret may go on in the next line.
        foreach (var line in ForeignText.SafeLines(columns is null ? text : masker.Redact(text)))
        {
            foreach (var part in columns is { } width ? LineFit.Wrap(line, width - continuation.Length) : [line])
            {
                WriteLine(prefix + (paint is null ? part : paint(part)));
                prefix = continuation;
            }
        }
    }

    /// <summary>Hides secrets in everything that is printed or written from now on.</summary>
    /// <param name="secrets">They have not been used yet.</param>
    /// <param name="announce">Give them to the runner too, whose log other steps and tools can write to.</param>
    public void AddSecrets(IEnumerable<string> secrets, bool announce)
    {
        using var scope = _lock.EnterScope();
        var forms = masker.Add(secrets);
        foreach (var form in announce ? forms : [])
        {
            // Not redacted, of course: these lines are how the runner learns what to hide.
            output.WriteLine(WorkflowCommands.AddMask(form));
        }

        output.Flush();
    }

    /// <summary>Shows or replaces the status line; empty takes it away. For interactive terminals only.</summary>
    public void ShowStatus(string status)
    {
        using var scope = _lock.EnterScope();

        // Kept as it is shown: it comes back below every line.
        var shown = masker.Redact(status);
        if (shown != _status)
        {
            output.Write(EraseLine + shown);
            output.Flush();
            _status = shown;
        }
    }
}
