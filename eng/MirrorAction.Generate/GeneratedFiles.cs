using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Modes;
using MirrorAction.Reporting;
using MirrorAction.Setup;

namespace MirrorAction.Generate;

/// <summary>A file of the checkout that comes from the definitions of inputs, modes and outputs, whole or in part.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Text">What it has to hold.</param>
public sealed record GeneratedFile(string Path, string Text)
{
    /// <summary>It holds that already.</summary>
    public bool IsCurrent => File.Exists(Path) && File.ReadAllText(Path) == Text;
}

/// <summary>Everything that is generated.</summary>
public static class GeneratedFiles
{
    /// <summary>All files, as they have to be.</summary>
    /// <param name="root">The folder of the checkout.</param>
    public static IReadOnlyList<GeneratedFile> Of(string root)
    {
        string PathOf(params string[] parts) => Path.Combine([root, .. parts]);
        GeneratedFile Changed(string path, params Func<string, string>[] changes) =>
            new(path, changes.Aggregate(File.ReadAllText(path), (text, change) => change(text)));

        return
        [
            Changed(PathOf("action.yml"), ActionMetadata.InAction),
            new(PathOf("action-types.yml"), ActionMetadata.Types()),
            new(PathOf("docs", "mirror.schema.json"), ConfigSchema.Write()),
            Changed(PathOf("README.md"), text => InBlock(text, "workflow", $"```yaml\n{MirrorWorkflow.Example.Text}```\n")),
            Changed(PathOf("docs", "REPORT.md"), text => InBlock(text, "outputs", OutputTable())),
            new(PathOf("examples", "schedule.yml"), MirrorWorkflow.Example.Text),
            new(PathOf("docs", "report.schema.json"), FileSchemas.OfReport()),
            new(PathOf("docs", "manifest.schema.json"), FileSchemas.OfManifest()),
            Changed(
                PathOf("docs", "CONFIGURATION.md"),
                text => InBlock(text, "table", InputTable()),
                text => InBlock(text, "inputs", InputTexts()),
                text => InBlock(text, "rules", RuleTable())
            ),
            Changed(PathOf("mirror.example.yml"), WithEveryInput),
            .. Helps().Select(help => new GeneratedFile(PathOf("tests", "MirrorAction.Tests", "Configuration", help.Name + ".snap"), help.Text)),
        ];
    }

    /// <summary>Puts lines between the marks <c>&lt;!-- NAME … --></c> and <c>&lt;!-- /NAME --></c> of a page.</summary>
    private static string InBlock(string page, string name, string lines)
    {
        var mark = page.IndexOf($"<!-- {name}:", StringComparison.Ordinal);
        var start = page.IndexOf('\n', mark) + 1;
        var end = page.IndexOf($"<!-- /{name} -->", StringComparison.Ordinal);
        return mark >= 0 && end >= start
            ? page[..start] + lines + page[end..]
            : throw new InvalidDataException($"There are no lines between <!-- {name}: --> and <!-- /{name} -->.");
    }

    private static string InputTable() =>
        "| input | environment | default | meaning |\n| --- | --- | --- | --- |\n"
        + string.Concat(
            ActionInputs.All.Select(input =>
                $"| `{input.Name}` | {string.Join(", ", input.Fallbacks.Select(Code))} | {Code(input.Default)} | {Cell(input.Summary)} |\n"
            )
        );

    private static string OutputTable() =>
        "| output | meaning |\n| --- | --- |\n" + string.Concat(ActionOutputs.All.Select(output => $"| `{output.Name}` | {Cell(output.Text)} |\n"));

    private static string RuleTable() =>
        "| in a rule | meaning |\n| --- | --- |\n"
        + string.Concat(
            RuleSettings.All.Select(setting => $"| `{setting.Name}` | {setting.Description.Replace("|", "\\|", StringComparison.Ordinal)} |\n")
        );

    private static string InputTexts() =>
        string.Join(
            '\n',
            ActionInputs
                .All.GroupBy(input => input.Group)
                .Select(group => $"### {group.Key}\n\n" + string.Join('\n', group.Select(input => $"**`{input.Name}`**: {input.Description}\n")))
        );

    /// <summary>The example of the configuration file with the inputs that it lacks, as comments, at the end of what it says of the run.</summary>
    private static string WithEveryInput(string example)
    {
        var lines = example.Split('\n').ToList();
        var missing = ActionInputs.OfFile.Where(input =>
            !lines.Exists(line => line.TrimStart('#', ' ').StartsWith(input.Name + ":", StringComparison.Ordinal))
        );
        var end = lines.IndexOf("", lines.IndexOf("# " + RunInputs.Group));
        lines.InsertRange(end, [.. missing.Select(input => $"#{input.Name}: {input.Default ?? "''"}")]);
        return string.Join('\n', lines);
    }

    /// <summary>The help as the tests have it.</summary>
    private static IEnumerable<(string Name, string Text)> Helps()
    {
        yield return ("help", HelpOf([]));
        foreach (var mode in ModeList.All)
        {
            yield return ($"help-{mode.Name}", HelpOf([mode.Name]));
        }
    }

    private static string HelpOf(IReadOnlyList<string> command)
    {
        var output = new StringWriter { NewLine = "\n" };
        CommandLine.Parse([.. command, "--help"], output);
        return output.ToString();
    }

    private static string Code(string? text) => string.IsNullOrEmpty(text) ? "" : $"`{text}`";

    private static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
