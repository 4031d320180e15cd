using MirrorAction.Inputs;

namespace MirrorAction.Logging;

/// <summary>
/// The form of the log before the configuration is read, so that what is wrong with it comes in that form too. The configuration file is not read
/// yet.
/// </summary>
internal static class LogFormatGuess
{
    /// <summary>The form that the arguments ask for, or else the input.</summary>
    public static LogFormat Of(IReadOnlyList<string> arguments, EnvironmentVariables environment)
    {
        const string Option = "--log-format";
        var word = environment["INPUT_LOG-FORMAT"];
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == Option && i + 1 < arguments.Count)
            {
                word = arguments[i + 1];
            }
            else if (arguments[i].StartsWith(Option, StringComparison.Ordinal) && arguments[i][Option.Length..] is ['=' or ':', .. var value])
            {
                word = value;
            }
        }

        return word == "json" ? LogFormat.Json : LogFormat.Text;
    }
}
