using System.Globalization;
using System.Runtime.InteropServices;
using MirrorAction.Benchmarks;
using MirrorAction.TestKit;

// Memory and scale: what the program needs at the most where there is much of something. Prints what it measured; asserts nothing.
var repositories = Number("--repositories", 5000);
var refs = Number("--refs", 50_000);
var packMiB = Number("--pack-mib", 1024);
Console.WriteLine($"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; hosts on the same machine");
Console.WriteLine($"{"scenario",-46} {"exit",4} {"wall s",8} {"CPU s",7} {"peak MiB",9}  totals");

await MeasureAsync($"{repositories} repositories, unchanged", 1, gitHub =>
{
    var first = gitHub.AddRepository("acme", "lib-0");
    first.Git.Commit("README.md", "1\n");
    for (var i = 1; i < repositories; i++)
    {
        Copy(first.Git.Path, gitHub.AddRepository("acme", $"lib-{i}").Git.Path);
    }
});
await MeasureAsync($"{refs} refs in one repository", 0, gitHub =>
{
    var repository = gitHub.AddRepository("acme", "many-refs");
    repository.Git.Commit("README.md", "1\n");
    repository.Git.AddBranches(refs);
});
await MeasureAsync($"{packMiB} MiB in one pack", 0, gitHub => gitHub.AddRepository("acme", "large").Git.FillWithNoise((long)packMiB << 20));

async Task MeasureAsync(string scenario, int warmUps, Action<SandboxGitHub> fill)
{
    await using var gitHub = await SandboxGitHub.StartAsync();
    gitHub.AddAccount("acme");
    await using var bitbucket = await SandboxBitbucket.StartAsync();
    using var folder = new TempFolder("bench-");
    fill(gitHub);
    if (warmUps > 0)
    {
        // What an earlier run would have left at the destination.
        foreach (var repository in gitHub.Repositories)
        {
            var mirror = bitbucket.AddRepository("acme-mirror", repository.Name);
            mirror.Description = $"Mirror of github.com/{repository.FullName} (id {repository.Id})";
            Copy(repository.Git.Path, mirror.Git.Path);
        }
    }

    foreach (var what in new[] { scenario, scenario + ", again" }.Take(warmUps > 0 ? 1 : 2))
    {
        var run = await MeasuredRun.OfAsync(gitHub, bitbucket, folder.Path);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what,-46} {run.ExitCode,4} {run.Wall.TotalSeconds,8:0.00} {run.Cpu.TotalSeconds,7:0.00} {run.PeakWorkingSet / 1048576.0,9:0.0}  {run.Output}"));
    }
}

int Number(string option, int otherwise) =>
    Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

static void Copy(string from, string to)
{
    foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".sample", StringComparison.Ordinal)))
    {
        var target = Path.Combine(to, Path.GetRelativePath(from, file));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(file, target, overwrite: true);
    }
}
