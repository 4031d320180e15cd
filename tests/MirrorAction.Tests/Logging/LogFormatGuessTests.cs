using MirrorAction.Inputs;
using MirrorAction.Logging;

namespace MirrorAction.Tests.Logging;

public sealed class LogFormatGuessTests
{
    [Theory]
    [InlineData("mirror --log-format json", null, true)]
    [InlineData("--log-format=json plan", null, true)]
    [InlineData("--log-format:json", null, true)]
    [InlineData("mirror", "json", true)]
    [InlineData("mirror --log-format text", "json", false)]
    [InlineData("mirror --log-format", null, false)]
    [InlineData("mirror --log-formats=json", null, false)]
    [InlineData("mirror", "yaml", false)]
    [InlineData("mirror", null, false)]
    public void Option_wins_over_the_input(string arguments, string? input, bool isJson)
    {
        var environment = new Dictionary<string, string>();
        if (input is not null)
        {
            environment["INPUT_LOG-FORMAT"] = input;
        }

        LogFormatGuess.Of(arguments.Split(' '), new EnvironmentVariables(environment)).ShouldBe(isJson ? LogFormat.Json : LogFormat.Text);
    }
}
