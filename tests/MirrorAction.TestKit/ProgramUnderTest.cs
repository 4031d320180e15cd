using System.Reflection;

namespace MirrorAction.TestKit;

/// <summary>The <c>mirror-action</c> that tests, sample and benchmarks start as a process: nobody else decides which.</summary>
public static class ProgramUnderTest
{
    /// <summary>
    /// The environment variable that names an executable, such as the published program. Without it the program built with this kit is run by
    /// <c>dotnet</c>.
    /// </summary>
    public const string Variable = "MIRROR_ACTION_PROGRAM";

    /// <summary>What starts it: the program and its first arguments.</summary>
    public static IReadOnlyList<string> Command { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } program
            ? [Executable(program)]
            : [Programs.Find("dotnet") ?? "dotnet", Built];

    private static string Built =>
        typeof(ProgramUnderTest).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "MirrorActionProgram").Value!;

    // In full, because a test starts it in a folder of its own.
    private static string Executable(string program) =>
        File.Exists(program) ? Path.GetFullPath(program) : throw new FileNotFoundException($"{Variable} names {program}, which does not exist.");
}
