using System.Text;
using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Modes;

namespace MirrorAction.Setup;

/// <summary>Scripts that complete what is typed, made of the modes and their inputs. Names and words are letters, digits and hyphens.</summary>
internal static class ShellCompletion
{
    /// <summary>For bash: a function that answers from lists.</summary>
    public static string Bash()
    {
        var script = new StringBuilder(
            """
            # Completes the command line of mirror-action.
            _mirror_action() {
                local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" words
                COMPREPLY=()
                case "$before" in

            """
        );
        foreach (var input in Everything.Where(input => WordsOf(input).Length > 0))
        {
            script.Append($"        {input.Option}) COMPREPLY=($(compgen -W \"{WordsOf(input)}\" -- \"$word\")); return ;;\n");
        }

        script.Append($"        {string.Join('|', Paths)}) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n");
        script.Append("    esac\n    case \"${COMP_WORDS[1]}\" in\n");
        foreach (var mode in ModeList.All)
        {
            script.Append($"        {mode.Name}) words=\"{string.Join(' ', OptionsOf(mode).Select(input => input.Option))}\" ;;\n");
        }

        var first = ModeList.All.Select(mode => mode.Name).Concat(Root.Select(input => input.Option)).Append("--help").Append("--version");
        script.Append($"        *) words=\"{string.Join(' ', first)}\" ;;\n");
        script.Append("    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\ncomplete -F _mirror_action mirror-action\n");
        return script.ToString();
    }

    /// <summary>For zsh, which takes the functions of bash.</summary>
    public static string Zsh() => $"#compdef mirror-action\nautoload -Uz bashcompinit && bashcompinit\n{Bash()}";

    /// <summary>For fish: a line for each command and option, with what the help says of it.</summary>
    public static string Fish()
    {
        var script = new StringBuilder("# Completes the command line of mirror-action.\ncomplete -c mirror-action -f\n");
        foreach (var mode in ModeList.All)
        {
            script.Append($"complete -c mirror-action -n __fish_use_subcommand -a {mode.Name} -d {Quoted(mode.Help.Command)}\n");
            foreach (var input in OptionsOf(mode))
            {
                var value =
                    input.IsFlag ? ""
                    : Paths.Contains(input.Option) ? " -r -F"
                    : WordsOf(input) is { Length: > 0 } words ? $" -x -a '{words}'"
                    : " -x";
                script.Append(
                    $"complete -c mirror-action -n '__fish_seen_subcommand_from {mode.Name}' -l {input.Name}{value} -d {Quoted(input.Summary)}\n"
                );
            }
        }

        return script.ToString();
    }

    private static IEnumerable<ActionInput> Root => ActionInputs.All.Where(input => !input.IsSecret).Concat(OutputOptions.All);

    private static IEnumerable<ActionInput> Everything => ModeList.All.SelectMany(OptionsOf).Concat(Root).DistinctBy(input => input.Name);

    /// <summary>The options whose value is a file or a folder.</summary>
    private static IReadOnlyList<string> Paths => [.. Everything.Where(IsPath).Select(input => input.Option)];

    private static bool IsPath(ActionInput input) =>
        input.Name.EndsWith("-dir", StringComparison.Ordinal) || input.Name is "config" or "previous-report" or "history";

    private static IEnumerable<ActionInput> OptionsOf(IMode mode) =>
        mode.Inputs.Where(input => !input.IsSecret && input != ActionInputs.Mode).Concat(mode.LeavesReport ? OutputOptions.All : []);

    private static string WordsOf(ActionInput input) =>
        input switch
        {
            { IsFlag: true } => "",
            { Kind: InputKind.Boolean } => "true false",
            _ => string.Join(' ', input.Allowed),
        };

    private static string Quoted(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
