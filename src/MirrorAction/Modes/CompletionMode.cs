using MirrorAction.Inputs;
using MirrorAction.Reporting;
using MirrorAction.Setup;

namespace MirrorAction.Modes;

/// <summary>Prints a script with which a shell completes commands, options and their words.</summary>
internal sealed class CompletionMode : IMode
{
    private static readonly IReadOnlyList<(string Name, Func<string> Write)> s_shells =
    [
        ("bash", ShellCompletion.Bash),
        ("zsh", ShellCompletion.Zsh),
        ("fish", ShellCompletion.Fish),
    ];

    /// <inheritdoc/>
    public string Name => "completion";

    /// <inheritdoc/>
    public ModeHelp Help { get; } =
        new()
        {
            Command = "Print a script with which bash, zsh or fish completes what is typed",
            IsShort = true,
            AfterUsage = "bash: source <(mirror-action completion bash). zsh: the same with zsh. fish: mirror-action completion fish | source",
            Examples = ["completion bash > ~/.local/share/bash-completion/completions/mirror-action"],
            ExitCodes = "0 done",
            NothingDone = null,
        };

    /// <inheritdoc/>
    public IReadOnlyList<ActionInput> Inputs => [];

    /// <inheritdoc/>
    public IReadOnlyList<ModeArgument> Arguments => [new("SHELL", "bash, zsh or fish")];

    /// <inheritdoc/>
    public bool IsOfAction => false;

    /// <inheritdoc/>
    public bool IsForOnce => true;

    /// <inheritdoc/>
    public ModeText TextOf(string? variant) => MirrorMode.Text;

    /// <inheritdoc/>
    public Task<int> RunAsync(ModeContext context, CancellationToken cancellationToken)
    {
        var problems = new ProblemList();
        var shell = problems.Try("SHELL", () => InputFormat.Choice(context.Call.Arguments[0], [.. s_shells.Select(known => known.Name)]), "");
        problems.ThrowIfAny([]);
        context.Surroundings.Output.Write(s_shells.First(known => known.Name == shell).Write());
        return Task.FromResult(ExitCodes.Success);
    }
}
