using System.Globalization;
using MirrorAction.TestKit;

namespace MirrorAction.Sandbox;

/// <summary>Tells on the console what happens, in 80 columns.</summary>
internal static class Narrator
{
    /// <summary>The longest line, also that of the program's own log.</summary>
    public const int Width = 80;

    private const int MostProblems = 12;
    private const int FactStart = 13;

    public static void Welcome(SandboxGitHub gitHub, SandboxBitbucket bitbucket)
    {
        Console.WriteLine("Two hosts are up:");
        Fact("GitHub", $"{gitHub.ServerUrl}");
        Fact("Bitbucket", $"{bitbucket.GitUrl}");
        Console.WriteLine();
        Console.WriteLine($"Filling GitHub with the organisation {SampleOrganization.Owner} ...");
    }

    public static void Filled(SandboxGitHub gitHub, TimeSpan seeding)
    {
        Fact("GitHub", $"{gitHub.ServerUrl}{SampleOrganization.Owner}: {gitHub.Repositories.Count} repositories in {Seconds(seeding)}");
        Fact("Bitbucket", "the workspace acme-mirror, almost empty");
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

    /// <summary>A paragraph, broken into lines.</summary>
    public static void Say(string text)
    {
        foreach (var line in SummaryText.Broken(text, Width - 2))
            Console.WriteLine($"  {line}");
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

        Fact("Summary", "its beginning on the page of the run at GitHub, as plain text:");
        foreach (var line in SummaryText.Of(SummaryText.Beginning(run.Summary), Width - 4))
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

    /// <summary>What is left to look at, and how it goes on with an organisation of one's own.</summary>
    /// <param name="page">The page of the last run; null where it could not be kept.</param>
    /// <param name="root">The checkout of this project.</param>
    public static void Farewell(string? page, string root)
    {
        Headline("What next?");
        if (page is not null)
        {
            Say("The page of the last run; open it in a browser:");
            Console.WriteLine($"    {page}");
            Console.WriteLine();
        }

        Say("Your own organisation: in the checkout of one of its private repositories,");
        Say("beside this one, run");
        Console.WriteLine($"    dotnet run --project ../{Path.GetFileName(root)}/src/MirrorAction -- \\");
        Console.WriteLine("      init --bitbucket-workspace YOUR-WORKSPACE");
        Say("It writes the workflow, names the secrets to set and the next two commands.");
        Say("docs/GETTING-STARTED.md goes step by step.");
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

    private static void Fact(string name, string text)
    {
        foreach (var line in SummaryText.Broken(text, Width - FactStart))
        {
            Console.WriteLine($"  {name, -10} {line}");
            name = "";
        }
    }

    private static string Describe(Traffic traffic) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{traffic.Rest, 3} REST, {traffic.Git, 3} git, {traffic.Pushes, 2} of them pushes; {Bytes(traffic.Received)} in, {Bytes(traffic.Sent)} out"
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
