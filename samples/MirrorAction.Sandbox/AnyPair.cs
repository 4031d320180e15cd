using System.Diagnostics;
using System.Globalization;
using MirrorAction.TestKit;

namespace MirrorAction.Sandbox;

/// <summary>The program between two hosts of any kind: a first mirror, a run after a day's work, and what both sides have then.</summary>
internal static class AnyPair
{
    /// <summary>Runs it all; the program's own output appears as it comes. Returns the exit code.</summary>
    public static async Task<int> RunAsync(SandboxOptions options, TempFolder folder, CancellationToken cancellationToken)
    {
        await using var source = await SandboxHost.StartAsync(options.Source, "acme");
        await using var destination = await SandboxHost.StartAsync(options.Destination, "acme-mirror");
        Console.WriteLine($"Two hosts are up on this machine: {source.Kind} and {destination.Kind}.");
        Seed(source, options.Repositories);
        Narrator.Lines(["", $"from {source.Url}, owner {source.Owner}", $"to   {destination.Url}, owner {destination.Owner}"]);
        var problems = new List<string>();

        Narrator.Headline("First run: every repository is new");
        await MirrorAsync("first run");
        if (!options.Once)
        {
            Narrator.Headline("Second run: after a day's work");
            var website = source["website"].Git;
            website.Commit("news.md", "a day's work\n");
            website.DeleteBranch("draft");
            website.TagAnnotated("v2", "main");
            await MirrorAsync("second run");
        }

        Narrator.Headline("Do both sides agree?");
        problems.AddRange(source.Repositories.SelectMany(repository => Differences(repository, destination)));
        var mirrors = destination.Repositories;
        Narrator.Verdict(problems, mirrors.Count, mirrors.Sum(mirror => Mirrored(mirror.Git).Count), "the source");
        return problems.Count == 0 ? 0 : 1;

        async Task MirrorAsync(string name)
        {
            source.ClearRequests();
            var exitCode = await StartAsync([.. source.InputsAs("source"), .. destination.InputsAs("destination")], folder, cancellationToken);
            if (exitCode != 0)
                problems.Add($"{name}: exit code {exitCode}");
            problems.AddRange(source.Requests.Where(IsWrite).Select(request => $"{name}: wrote to the source: {request}"));
        }
    }

    private static void Seed(SandboxHost host, int more)
    {
        var website = host.Add("website");
        website.Commit("index.html", "<p>acme\n");
        website.TagAnnotated("v1", "main");
        website.Branch("draft", "main");
        host.Add("handbook").Commit("README.md", "How we work\n");
        for (var i = 1; i <= more; i++)
            host.Add(string.Create(CultureInfo.InvariantCulture, $"service-{i:000}")).Commit("README.md", $"Service {i}\n");
    }

    private static async Task<int> StartAsync(
        IReadOnlyList<KeyValuePair<string, string>> inputs,
        TempFolder folder,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(ProgramUnderTest.Command[0], ProgramUnderTest.Command.Skip(1))
        {
            WorkingDirectory = folder.CreateFolder("workspace"),
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("INPUT_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in inputs.Append(new("create-interval", "0ms")))
            start.Environment[SandboxInputs.VariableOf(name)] = value;
        start.Environment["COLUMNS"] = Narrator.Width.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    private static IEnumerable<string> Differences(SandboxCopy source, SandboxHost destination)
    {
        var mirror = destination.Repositories.FirstOrDefault(copy => copy.Name.Equals(source.Name, StringComparison.OrdinalIgnoreCase));
        if (mirror is null)
            return [$"{source.Name}: has no mirror"];
        var (expected, actual) = (source.Git.BranchesAndTags(), Mirrored(mirror.Git));
        mirror.Git.Fsck();
        return
        [
            .. expected
                .Keys.Union(actual.Keys)
                .Where(name => expected.GetValueOrDefault(name) != actual.GetValueOrDefault(name))
                .Select(name => $"{source.Name}: {name} differs"),
        ];
    }

    private static bool IsWrite(RecordedRequest request) => request.IsPush || (!request.IsGit && request.Method is not ("GET" or "HEAD"));

    private static Dictionary<string, string> Mirrored(GitRepository git) =>
        git.BranchesAndTags().Where(r => !r.Key.StartsWith("refs/tags/mirror-kept/", StringComparison.Ordinal)).ToDictionary();
}
