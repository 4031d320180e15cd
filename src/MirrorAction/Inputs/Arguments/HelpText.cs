using System.CommandLine;
using System.CommandLine.Invocation;

namespace MirrorAction.Inputs.Arguments;

/// <summary>Prints the help: options under headings, with defaults and environment variables, and an example to copy.</summary>
internal sealed class HelpText : SynchronousCommandLineAction
{
    /// <summary>What the program is for, in one sentence.</summary>
    public const string Purpose = "Mirrors every repository of a GitHub organisation to Bitbucket Cloud.";

    private const int FirstColumn = 44;

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
        var help = CommandHelp.Of(command is RootCommand ? "" : command.Name);
        output.WriteLine($"mirror-action {ProductVersion.Text}");
        output.WriteLine(command is RootCommand ? Purpose : command.Description + ".");
        foreach (var line in help.Purpose)
        {
            output.WriteLine(line);
        }

        output.WriteLine();
        if (command.Name == "sync")
        {
            WriteSync(output);
        }
        else if (command.Name == ReportSettingsBuilder.Mode)
        {
            WriteReport(output);
        }
        else
        {
            WriteRun(output, command, help);
        }

        output.WriteLine();
        output.WriteLine(
            command.Name switch
            {
                ReportSettingsBuilder.Mode =>
                    "Exit codes: 0 done, 1 repositories or shards failed, 2 configuration is wrong, 3 no report could be joined, 130 cancelled.",
                "doctor" => $"Exit codes: {help.ExitCodes}, 2 configuration is wrong, 130 cancelled.",
                _ => $"Exit codes: {help.ExitCodes}, 2 configuration is wrong, 3 nothing could be done, 130 cancelled.",
            }
        );
        return 0;
    }

    private static void WriteRun(TextWriter output, Command command, CommandHelp help)
    {
        output.WriteLine("Usage:");
        if (command is RootCommand root)
        {
            output.WriteLine("  mirror-action [options]");
            output.WriteLine("  mirror-action COMMAND [options]");
            output.WriteLine();
            output.WriteLine("Commands:");
            foreach (var sub in root.Subcommands)
            {
                Row(output, sub.Name, sub.Description ?? "");
            }

            output.WriteLine("  'mirror-action sync --help' tells the options of sync.");
        }
        else
        {
            output.WriteLine($"  mirror-action {command.Name} [options]");
        }

        var inputs = ActionInputs
            .All.Where(input => command is RootCommand || (input != ActionInputs.Mode && input.HasMeaningIn(command.Name)))
            .ToList();
        foreach (var group in inputs.Where(input => !input.IsSecret).GroupBy(input => input.Group, StringComparer.Ordinal))
        {
            WriteOptions(output, group.Key, group);
        }

        output.WriteLine();
        output.WriteLine("Credentials (from the environment only):");
        foreach (var input in inputs.Where(input => input.IsSecret))
        {
            Row(output, input.Fallback is null ? input.Variable : $"{input.Fallback} or {input.Variable}", input.Description);
        }

        output.WriteLine();
        output.WriteLine("Each option can be given as INPUT_<NAME> too. LIST is separated by commas or newlines.");
        output.WriteLine();
        output.WriteLine(
            help.Examples.Count > 1 ? "Examples, with the credentials in the environment:" : "Example, with both credentials in the environment:"
        );
        foreach (var example in help.Examples)
        {
            output.WriteLine("  mirror-action " + example);
        }
    }

    private static void WriteSync(TextWriter output)
    {
        output.WriteLine("Usage:");
        output.WriteLine("  mirror-action sync SOURCE-URL DESTINATION-URL [options]");
        WriteOptions(output, "Options", SyncSettingsBuilder.Inputs);
        Row(output, "--dry-run", "Show what would be done; write nothing");
        output.WriteLine();
        output.WriteLine("Credentials (from the environment only; none where the server needs none):");
        Row(output, "MIRROR_SOURCE_USERNAME, MIRROR_SOURCE_TOKEN", "for the source");
        Row(output, "MIRROR_DESTINATION_USERNAME, MIRROR_DESTINATION_TOKEN", "for the destination");
        output.WriteLine($"  Without a user name, {SyncSettingsBuilder.DefaultUser} goes with the token.");
        output.WriteLine();
        output.WriteLine("Example:");
        output.WriteLine("  mirror-action sync https://github.com/acme/website.git https://git.example.com/mirrors/website.git --dry-run");
    }

    private static void WriteReport(TextWriter output)
    {
        output.WriteLine("Usage:");
        output.WriteLine("  mirror-action report [FOLDER] [options]");
        output.WriteLine();
        output.WriteLine("Every report.json below FOLDER (by default below --report-dir) is read; the joined one is written to --report-dir.");
        WriteOptions(output, "Options", ReportSettingsBuilder.Inputs);
        output.WriteLine();
        output.WriteLine("Example:");
        output.WriteLine("  mirror-action report downloaded-artifacts");
    }

    private static void WriteOptions(TextWriter output, string heading, IEnumerable<ActionInput> inputs)
    {
        output.WriteLine();
        output.WriteLine(heading + ":");
        foreach (var input in inputs)
        {
            string?[] notes = [input.Default is null ? null : $"default {input.Default}", input.Fallback is null ? null : $"env {input.Fallback}"];
            var known = string.Join("; ", notes.OfType<string>());
            Row(output, $"{input.Option} {Placeholder(input)}", known.Length > 0 ? $"{input.Description} [{known}]" : input.Description);
        }
    }

    private static void Row(TextWriter output, string term, string description)
    {
        if (term.Length > FirstColumn - 2)
        {
            output.WriteLine("  " + term);
            term = "";
        }

        output.WriteLine($"  {term.PadRight(FirstColumn)}{description}");
    }
}
