using System.CommandLine;
using System.CommandLine.Invocation;
using MirrorAction.Modes;

namespace MirrorAction.Inputs.Arguments;

/// <summary>Prints the help: options under headings, with defaults and environment variables, and an example to copy.</summary>
internal sealed class HelpText : SynchronousCommandLineAction
{
    /// <summary>What the program is for, in one sentence.</summary>
    public const string Purpose = "Mirrors every repository of a GitHub organisation to Bitbucket Cloud.";

    /// <summary>What every terminal shows without breaking lines.</summary>
    private const int Columns = 80;

    private const int FirstColumn = 28;

    private static readonly ModeHelp s_ofProgram = new()
    {
        Command = Purpose,
        Examples = ["plan --github-owner acme --bitbucket-workspace acme-mirror --repositories 'web*,/^lib-/'"],
    };

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>What stands for the value in the help.</summary>
    public static string Placeholder(ActionInput input) =>
        input.Kind switch
        {
            InputKind.Boolean => "true|false",
            InputKind.WholeNumber => "N",
            InputKind.List => "LIST",
            InputKind.Choice => string.Join('|', input.Allowed),
            _ => input.Name.Split('-')[^1].ToUpperInvariant(),
        };

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        var mode = command is RootCommand ? null : ModeList.Find(command.Name);
        output.WriteLine($"mirror-action {ProductVersion.Text}");
        if (mode is null)
        {
            WriteProgram(output);
        }
        else
        {
            WriteMode(output, mode);
        }

        return 0;
    }

    private static void WriteProgram(TextWriter output)
    {
        Paragraph(output, Purpose);
        output.WriteLine();
        output.WriteLine("Usage:");
        output.WriteLine("  mirror-action [options]");
        output.WriteLine("  mirror-action COMMAND [options]");
        output.WriteLine();
        output.WriteLine("Commands:");
        foreach (var mode in ModeList.All)
        {
            Row(output, mode.Name, mode.Help.Command);
        }

        foreach (var mode in ModeList.All.Where(mode => !mode.IsOfAction))
        {
            output.WriteLine($"  'mirror-action {mode.Name} --help' tells the options of {mode.Name}.");
        }

        WriteInputs(output, ActionInputs.All);
        WriteOptions(output, "Output", OutputOptions.All);
        WriteEnd(output, s_ofProgram);
    }

    private static void WriteMode(TextWriter output, IMode mode)
    {
        var help = mode.Help;
        Paragraph(output, help.Command + ".");
        foreach (var line in help.Purpose)
        {
            Paragraph(output, line);
        }

        output.WriteLine();
        output.WriteLine("Usage:");
        var arguments = string.Concat(mode.Arguments.Select(argument => argument.IsOptional ? $"[{argument.Name}] " : argument.Name + " "));
        output.WriteLine($"  mirror-action {mode.Name} {arguments}[options]");
        if (help.AfterUsage is not null)
        {
            output.WriteLine();
            Paragraph(output, help.AfterUsage);
        }

        if (help.IsShort)
        {
            WriteOptions(output, "Options", mode.Inputs);
            WriteCredentials(output, help.Credentials);
        }
        else
        {
            WriteInputs(output, [.. ActionInputs.All.Where(input => input != ActionInputs.Mode && mode.Inputs.Contains(input))]);
        }

        if (mode.LeavesReport)
        {
            WriteOptions(output, "Output", OutputOptions.All);
        }

        WriteEnd(output, help);
    }

    private static void WriteInputs(TextWriter output, IReadOnlyList<ActionInput> inputs)
    {
        foreach (var group in inputs.Where(input => !input.IsSecret).GroupBy(input => input.Group, StringComparer.Ordinal))
        {
            WriteOptions(output, group.Key, group);
        }

        output.WriteLine();
        output.WriteLine("Credentials (from the environment only):");
        foreach (var input in inputs.Where(input => input.IsSecret))
        {
            Row(output, input.Fallback is null ? input.Variable : $"{input.Fallback} or {input.Variable}", input.Summary);
        }

        output.WriteLine();
        Paragraph(output, "Each option can be given as INPUT_<NAME> too. LIST is separated by commas or newlines.");
    }

    private static void WriteCredentials(TextWriter output, IReadOnlyList<(string Term, string Text)> credentials)
    {
        if (credentials.Count == 0)
        {
            return;
        }

        output.WriteLine();
        Paragraph(output, "Credentials (from the environment only; none where the server needs none):");
        foreach (var (term, text) in credentials)
        {
            if (text.Length == 0)
            {
                output.WriteLine("  " + term);
            }
            else
            {
                Row(output, term, text);
            }
        }
    }

    private static void WriteEnd(TextWriter output, ModeHelp help)
    {
        output.WriteLine();
        output.WriteLine(
            help switch
            {
                { IsShort: true } => "Example:",
                { Examples.Count: > 1 } => "Examples, with the credentials in the environment:",
                _ => "Example, with both credentials in the environment:",
            }
        );
        foreach (var example in help.Examples)
        {
            // To be copied: a backslash joins the lines again.
            output.WriteLine("  " + string.Join(" \\\n    ", Lines("mirror-action " + example, Columns - 6)));
        }

        output.WriteLine();
        var nothingDone = help.NothingDone is null ? "" : $"3 {help.NothingDone}, ";
        Paragraph(output, $"Exit codes: {help.ExitCodes}, 2 configuration is wrong, {nothingDone}130 cancelled.");
    }

    private static void WriteOptions(TextWriter output, string heading, IEnumerable<ActionInput> inputs)
    {
        output.WriteLine();
        output.WriteLine(heading + ":");
        foreach (var input in inputs)
        {
            if (input.IsFlag)
            {
                Row(output, input.Option, input.Summary);
                continue;
            }

            string?[] notes = [input.Default is null ? null : $"default {input.Default}", input.Fallback is null ? null : $"env {input.Fallback}"];
            var known = string.Join("; ", notes.OfType<string>());
            Row(output, $"{input.Option} {Placeholder(input)}", known.Length > 0 ? $"{input.Summary} [{known}]" : input.Summary);
        }
    }

    /// <summary>A term and what it is, in two columns; a long term has a line of its own.</summary>
    private static void Row(TextWriter output, string term, string description)
    {
        if (term.Length > FirstColumn - 2)
        {
            output.WriteLine("  " + term);
            term = "";
        }

        foreach (var line in Lines(description, Columns - 2 - FirstColumn))
        {
            output.WriteLine($"  {term.PadRight(FirstColumn)}{line}");
            term = "";
        }
    }

    private static void Paragraph(TextWriter output, string text)
    {
        foreach (var line in Lines(text, Columns))
        {
            output.WriteLine(line);
        }
    }

    /// <summary>The words of a text in lines; a word that is longer than a line has one of its own.</summary>
    private static IEnumerable<string> Lines(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line += line.Length > 0 ? " " + word : word;
        }

        yield return line;
    }
}
