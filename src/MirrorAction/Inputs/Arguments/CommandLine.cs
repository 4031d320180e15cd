using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using MirrorAction.Mirroring.Selection;
using MirrorAction.Modes;

namespace MirrorAction.Inputs.Arguments;

/// <summary>What the command line asks for.</summary>
/// <param name="Mode">The mode that a command names; null leaves it to the inputs.</param>
/// <param name="Arguments">What was given beside options, in the order of <see cref="IMode.Arguments"/>.</param>
/// <param name="Options">The options by input name.</param>
internal sealed record Call(IMode? Mode, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>Only what is wrong is to be printed, and the last line.</summary>
    public bool IsQuiet { get; init; }
}

/// <summary>The grammar of the command line: its commands are the modes, its options the inputs.</summary>
internal static class CommandLine
{
    private static readonly ParserConfiguration s_grammar = new()
    {
        // "-abc" and "@file" mean nothing here; the latter would open files that someone else names.
        EnablePosixBundling = false,
        ResponseFileTokenReplacer = null,
    };

    /// <summary>Reads the arguments; help and version are printed at once.</summary>
    /// <returns>What is asked for; null when it was help or the version.</returns>
    /// <exception cref="ConfigurationException">An argument is not understood; the exception lists all that are not.</exception>
    public static Call? Parse(IReadOnlyList<string> args, TextWriter output)
    {
        var root = WithInputs(new RootCommand(HelpText.Purpose), [.. ActionInputs.All, .. OutputOptions.All], takesArguments: false);
        foreach (var mode in ModeList.All)
        {
            root.Add(CommandOf(mode));
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
            return null;
        }

        var arguments = called.Arguments.OfType<Argument<string?>>().Select(argument => result.GetValue(argument)).OfType<string>();
        var options = GivenOptions(result);
        var isQuiet = options.Remove(OutputOptions.Quiet.Name);
        options.Remove(OutputOptions.Json.Name);
        return new Call(called == root ? null : ModeList.Find(called.Name), [.. arguments], options) { IsQuiet = isQuiet };
    }

    private static Command CommandOf(IMode mode)
    {
        var options = mode.LeavesReport ? mode.Options.Concat(OutputOptions.All) : mode.Options;
        var command = WithInputs(new Command(mode.Name, mode.Help.Command), options, mode.Arguments.Count > 0);
        foreach (var argument in mode.Arguments)
        {
            command.Add(
                new Argument<string?>(argument.Name)
                {
                    Description = argument.Text,
                    Arity = argument.IsOptional ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
                }
            );
        }

        return command;
    }

    private static Command WithInputs(Command command, IEnumerable<ActionInput> inputs, bool takesArguments)
    {
        // The parser wants an action to take a command as complete; what runs is decided by the caller.
        command.SetAction(_ => 0);
        command.TreatUnmatchedTokensAsErrors = false; // UnknownArguments tells of them, with the nearest name.
        foreach (var input in inputs)
        {
            Option option = input switch
            {
                { IsSecret: true } => Refused(input),
                { IsFlag: true } => new Option<bool>(input.Option),
                // Without a value it means yes, unless there are arguments that could be taken for one.
                { Kind: InputKind.Boolean } when !takesArguments => new Option<string>(input.Option) { Arity = ArgumentArity.ZeroOrOne },
                { Kind: InputKind.List } => new Option<string[]>(input.Option) { Arity = ArgumentArity.OneOrMore },
                _ => new Option<string>(input.Option) { Arity = ArgumentArity.ExactlyOne },
            };
            option.Description = input.Summary;
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
                Option<bool> flag when result.GetValue(flag) => "true",
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

/// <summary>Options that say what a command prints. They are of the command line alone: a workflow has its own ways to see a run.</summary>
internal static class OutputOptions
{
    public static ActionInput<bool> Quiet { get; } =
        new("quiet", InputKind.Boolean, InputFormat.Boolean)
        {
            Summary = "Print only what is wrong, and the last line",
            Text = "Whether only what is wrong is printed, and the last line.",
            IsFlag = true,
        };

    public static ActionInput<bool> Json { get; } =
        new("json", InputKind.Boolean, InputFormat.Boolean)
        {
            Summary = "Print report.json on standard output, and all else on standard error",
            Text = "Whether the report is printed on standard output, and all else on standard error.",
            IsFlag = true,
        };

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<ActionInput> All { get; } = [Quiet, Json];

    /// <summary>Whether <see cref="Json"/> is among arguments that are not yet read: by then the first line may have been printed.</summary>
    public static bool AreForJson(IEnumerable<string> arguments) => arguments.Contains(Json.Option, StringComparer.Ordinal);
}

/// <summary>Puts into words what the command line holds beyond its grammar, with the name that was probably meant.</summary>
internal static class UnknownArguments
{
    /// <summary>One sentence about each; none where everything is understood.</summary>
    /// <remarks>
    /// What stands behind an unknown option is probably its value, and may be a secret: as long as there is such an option, nothing else is quoted
    /// but a mistyped command.
    /// </remarks>
    public static IReadOnlyList<string> Of(ParseResult result)
    {
        var called = result.CommandResult.Command;

        // Where a folder or a URL is due, the parser takes a mistyped option for it.
        List<string> unknown = [.. result.CommandResult.Tokens.Select(token => token.Value).Where(IsOption), .. result.UnmatchedTokens];
        List<string> problems = [];
        if (called is RootCommand && result.Tokens is [var first, ..] && unknown.Contains(first.Value) && !IsOption(first.Value))
        {
            problems.Add($"unknown command {WithNearest(first.Value, called.Subcommands.Select(command => command.Name))}");
        }

        var prefix = called is RootCommand ? "unknown option" : $"'{called.Name}' has no option";
        var options = called.Options.Where(option => !option.Hidden).Select(option => option.Name).ToList();
        problems.AddRange(unknown.Where(IsOption).Select(token => $"{prefix} {WithNearest(NameIn(token), options)}"));
        return problems.Count > 0 ? problems : [.. unknown.Select(token => $"unexpected argument {InputFormat.Shown(token)}.")];
    }

    private static bool IsOption(string token) => token.StartsWith('-');

    /// <summary>The option without the value that was written to it: <c>--exclude=web</c>.</summary>
    private static string NameIn(string token) => token.Split('=', ':')[0];

    private static string WithNearest(string given, IEnumerable<string> known)
    {
        var nearest = NearestName.Of(given.TrimStart('-'), known.Select(name => name.TrimStart('-')));
        return nearest is null
            ? $"{InputFormat.Shown(given)}."
            : $"{InputFormat.Shown(given)}; did you mean '{(IsOption(given) ? "--" : "")}{nearest}'?";
    }
}
