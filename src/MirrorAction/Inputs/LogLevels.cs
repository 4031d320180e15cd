using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Inputs;

/// <summary>The words for how much is printed.</summary>
internal static class LogLevels
{
    /// <summary>The level of an allowed word; a re-run with debug logging (<c>RUNNER_DEBUG=1</c>) shows everything.</summary>
    public static MessageLevel Of(string word, EnvironmentVariables environment) =>
        word switch
        {
            _ when environment["RUNNER_DEBUG"] == "1" => MessageLevel.Debug,
            "debug" => MessageLevel.Debug,
            "warning" => MessageLevel.Warning,
            "error" => MessageLevel.Error,
            _ => MessageLevel.Info,
        };
}
