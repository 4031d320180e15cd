using System.Globalization;
using MirrorAction.TestKit;

namespace MirrorAction.Sandbox;

/// <summary>Tells on the console what happens.</summary>
internal static class Narrator
{
    private const int Width = 100;
    private const int MostProblems = 12;

    public static void Welcome(SandboxGitHub gitHub, SandboxBitbucket bitbucket, TimeSpan seeding)
    {
        Console.WriteLine("MirrorAction sandbox: GitHub and Bitbucket Cloud on this machine, nothing leaves it.");
        Console.WriteLine();
        Fact("GitHub", $"{gitHub.ServerUrl}{SampleOrganization.Owner}   {gitHub.Repositories.Count} repositories, made in {Seconds(seeding)}");
        Fact("Bitbucket", $"{bitbucket.GitUrl}acme-mirror   an empty workspace");
    }

    public static void Headline(string text)
    {
        Console.WriteLine();
        Console.WriteLine($"── {text} {new string('─', Math.Max(3, Width - text.Length - 4))}");
        Console.WriteLine();
    }

    public static void Lines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Console.WriteLine($"  {line}");
        Console.WriteLine();
    }

    public static void Run(MirrorRun run)
    {
        Console.WriteLine();
        Fact("Result", $"exit code {run.ExitCode} after {Seconds(run.Duration)}");
        Fact("GitHub", Describe(run.GitHub));
        Fact("Bitbucket", Describe(run.Bitbucket));
        if (string.IsNullOrWhiteSpace(run.Summary))
        {
            Fact("Summary", "none was written");
            return;
        }

        Fact("Summary", "what GitHub shows on the page of the run, here as plain text:");
        foreach (var line in string.Join('\n', SummaryText.Of(run.Summary)).TrimEnd().Split('\n'))
            Console.WriteLine($"  │ {line}".TrimEnd());
    }

    public static void Verdict(IReadOnlyList<string> problems, int mirrors, int refs, string source = "GitHub")
    {
        if (problems.Count == 0)
        {
            Fact(
                "Verdict",
                $"All is well: {mirrors} mirrors with {refs} refs, each equal to its source; git fsck finds no fault; nothing was written to {source}."
            );
            return;
        }

        Fact("Verdict", $"{problems.Count} things are wrong:");
        Lines([.. problems.Take(MostProblems), .. problems.Count > MostProblems ? (string[])[$"... and {problems.Count - MostProblems} more"] : []]);
    }

    public static void Invite(MirrorProgram program, SandboxGitHub gitHub, SandboxBitbucket bitbucket)
    {
        Headline("Both hosts stay here until Ctrl-C");
        Lines([
            $"curl -H 'Authorization: Bearer {gitHub.FullToken}' {gitHub.ApiUrl}orgs/{SampleOrganization.Owner}/repos",
            $"curl -H 'Authorization: Bearer {bitbucket.Token}' {bitbucket.ApiUrl}repositories/acme-mirror",
            $"git clone {gitHub.ServerUrl}{SampleOrganization.Owner}/handbook.git",
            $"git clone http://x-token-auth:{bitbucket.Token}@127.0.0.1:{bitbucket.GitUrl.Port}/acme-mirror/handbook.git",
        ]);
        var (credentials, options) = (program.Inputs.Where(IsCredential), program.Inputs.Where(input => !IsCredential(input)));
        Lines([
            .. credentials.Select(input => $"{MirrorProgram.Credentials[input.Key]}={input.Value} \\"),
            $"{string.Join(' ', ProgramUnderTest.Command)} mirror \\",
            .. string.Join(" \\\n", options.Select(input => $"  --{input.Key} {input.Value}")).Split('\n'),
        ]);
        // Scripts read these lines: eng/start-sandbox.
        Console.WriteLine("  The inputs of the action:");
        Lines(program.Inputs.Select(input => $"{input.Key}: {input.Value}"));

        static bool IsCredential(KeyValuePair<string, string> input) => MirrorProgram.Credentials.ContainsKey(input.Key);
    }

    private static void Fact(string name, string text) => Console.WriteLine($"  {name, -10} {text}");

    private static string Describe(Traffic traffic) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{traffic.Rest, 4} REST and {traffic.Git, 4} git requests, {traffic.Pushes, 3} of them pushes; received {Bytes(traffic.Received), 8}, sent {Bytes(traffic.Sent), 8}"
        );

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");

    private static string Bytes(long bytes) =>
        bytes switch
        {
            < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
            < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        };
}
