using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MirrorAction.Inputs.Arguments;

/// <summary>What the command line asks for.</summary>
internal abstract record Call
{
    /// <summary>A run over an organisation; the options by input name, <c>mode</c> among them when a command named it.</summary>
    internal sealed record Mirror(IReadOnlyDictionary<string, string> Options) : Call;

    /// <summary>One repository between two URLs.</summary>
    internal sealed record Sync(SyncArguments Arguments) : Call;

    /// <summary>Reports to be joined; without a folder, those below <c>report-dir</c>.</summary>
    internal sealed record Report(string? Folder, IReadOnlyDictionary<string, string> Options) : Call;

    /// <summary>Help or version: already printed.</summary>
    internal sealed record Answered : Call;
}

/// <summary>The grammar of the command line; its options are the table of inputs.</summary>
internal static class CommandLine
{
    private static readonly ParserConfiguration s_grammar = new()
    {
        // "-abc" and "@file" mean nothing here; the latter would open files that somebody else names.
        EnablePosixBundling = false,
        ResponseFileTokenReplacer = null,
    };

    /// <summary>Reads the arguments; help and version are printed at once.</summary>
    /// <exception cref="ConfigurationException">An argument is not understood; the exception lists all that are not.</exception>
    public static Call Parse(IReadOnlyList<string> args, TextWriter output)
    {
        var runInputs = ActionInputs.All;
        var root = WithInputs(new RootCommand(HelpText.Purpose), runInputs);
        var commandInputs = runInputs.Where(input => input != ActionInputs.Mode).ToList();
        var mirror = WithInputs(new Command("mirror", "Mirror every selected repository (what the action does by default)"), commandInputs);
        var plan = WithInputs(new Command("plan", "Show what mirror would create, update, force and delete; write nothing"), commandInputs);
        var verify = WithInputs(new Command("verify", "Compare the mirrors with their sources, ref by ref; write nothing"), commandInputs);
        var restore = WithInputs(
            new Command("restore", "Bring the repositories back from Bitbucket to GitHub, or with --drill prove that they would come back"),
            commandInputs
        );
        var backup = WithInputs(new Command("backup", "Write the repositories as git bundles into a folder"), commandInputs);
        var doctor = WithInputs(
            new Command("doctor", "Check credentials, permissions, limits and names, and say what to fix; write nothing"),
            commandInputs
        );
        var source = new Argument<string>("SOURCE-URL") { Description = "The repository that is read" };
        var destination = new Argument<string>("DESTINATION-URL") { Description = "The repository that is written" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be done; write nothing" };
        var sync = WithInputs(new Command("sync", "Mirror one repository between any two git URLs"), SyncSettingsBuilder.Inputs);
        sync.Add(source);
        sync.Add(destination);
        sync.Add(dryRun);
        var folder = new Argument<string?>("FOLDER")
        {
            Description = "Where the reports are, in folders of any depth",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var report = WithInputs(
            new Command(ReportSettingsBuilder.Mode, "Join the reports of shards into one; asks no host"),
            ReportSettingsBuilder.Inputs
        );
        report.Add(folder);
        foreach (var command in new[] { mirror, plan, verify, restore, backup, doctor, report, sync })
        {
            root.Add(command);
        }

        root.Options.OfType<HelpOption>().Single().Action = new HelpText();
        root.Options.OfType<VersionOption>().Single().Action = new VersionText();
        var result = root.Parse(args, s_grammar);
        if (UnknownArguments.Of(result).Concat(result.Errors.Select(error => error.Message)).ToList() is { Count: > 0 } problems)
        {
            throw new ConfigurationException([.. problems.Select(problem => new ConfigurationProblem("", problem))]);
        }

        var called = result.CommandResult.Command;
        if (result.Action != called.Action)
        {
            result.Invoke(new InvocationConfiguration { Output = output, Error = output });
            return new Call.Answered();
        }

        var options = GivenOptions(result);
        if (called == sync)
        {
            return new Call.Sync(new(result.GetRequiredValue(source), result.GetRequiredValue(destination), result.GetValue(dryRun), options));
        }

        if (called == report)
        {
            return new Call.Report(result.GetValue(folder), options);
        }

        if (called != root)
        {
            options[ActionInputs.Mode.Name] = called.Name;
        }

        return new Call.Mirror(options);
    }

    private static Command WithInputs(Command command, IEnumerable<ActionInput> inputs)
    {
        // The parser wants an action to take a command as complete; what runs is decided by the caller.
        command.SetAction(_ => 0);
        command.TreatUnmatchedTokensAsErrors = false; // UnknownArguments tells of them, with the nearest name.
        foreach (var input in inputs)
        {
            Option option = input switch
            {
                { IsSecret: true } => Refused(input),
                // Without a value it means yes; sync has arguments that could be taken for one.
                { Kind: InputKind.Boolean } when command.Name != "sync" => new Option<string>(input.Option) { Arity = ArgumentArity.ZeroOrOne },
                { Kind: InputKind.List } => new Option<string[]>(input.Option) { Arity = ArgumentArity.OneOrMore },
                _ => new Option<string>(input.Option) { Arity = ArgumentArity.ExactlyOne },
            };
            option.Description = input.Description;
            option.HelpName = HelpText.Placeholder(input);
            command.Add(option);
        }

        return command;
    }

    /// <summary>A credential as an option: understood only to say where it belongs, because every process can read the arguments of others.</summary>
    private static Option<string?> Refused(ActionInput input)
    {
        var option = new Option<string?>(input.Option) { Hidden = true, Arity = ArgumentArity.ZeroOrOne };
        option.Validators.Add(result =>
            result.AddError(
                $"{input.Option} is not an option, because every process of this machine could read it; "
                    + $"set the environment variable {(input.Fallback is null ? input.Variable : $"{input.Fallback} (or {input.Variable})")} instead."
            )
        );
        return option;
    }

    private static Dictionary<string, string> GivenOptions(ParseResult result)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in result.CommandResult.Command.Options)
        {
            // Several values are a list that was given item by item.
            var text = option switch
            {
                Option<string[]> list when result.GetValue(list) is { Length: > 0 } items => string.Join('\n', items),
                Option<string> single when result.GetResult(single) is not null => result.GetValue(single) ?? "true",
                _ => null,
            };
            if (text is not null)
            {
                given[option.Name[2..]] = text;
            }
        }

        return given;
    }

    private sealed class VersionText : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"mirror-action {ProductVersion.Text}");
            return 0;
        }
    }
}
