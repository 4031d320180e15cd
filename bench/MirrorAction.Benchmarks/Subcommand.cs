using System.CommandLine;
using System.Runtime.InteropServices;

namespace MirrorAction.Benchmarks;

/// <summary>A subcommand that measures the program on this machine against hosts on the same machine, and says so first.</summary>
internal static class Subcommand
{
    /// <summary>Makes the subcommand.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it measures, in a line.</param>
    /// <param name="run">Measures and prints.</param>
    /// <param name="options">What <paramref name="run"/> reads.</param>
    internal static Command Of(string name, string description, Func<ParseResult, Task> run, params Option[] options)
    {
        var command = new Command(name, description);
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction(
            async (result, _) =>
            {
                Console.WriteLine(
                    $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, "
                        + $"{DateTime.UtcNow:yyyy-MM-dd}; hosts on the same machine"
                );
                await run(result);
            }
        );
        return command;
    }

    /// <summary>An option that takes a number.</summary>
    internal static Option<int> Number(string name, int otherwise, string description) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => otherwise,
            HelpName = "N",
        };
}
