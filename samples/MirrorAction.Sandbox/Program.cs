using System.Diagnostics;
using System.Runtime.InteropServices;
using MirrorAction.Sandbox;
using MirrorAction.TestKit;

if (SandboxOptions.Parse(args) is not { } options)
{
    Console.WriteLine(SandboxOptions.Usage);
    return args is ["--help" or "-h"] ? 0 : 2;
}

if (!RealGit.IsInstalled)
{
    Console.Error.WriteLine("The sandbox serves its repositories with git: install git, then start again.");
    return 2;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var folder = new TempFolder("mirror-sandbox-");
if (!options.IsUsualPair)
{
    try
    {
        return await AnyPair.RunAsync(options, folder, stop.Token);
    }
    catch (OperationCanceledException)
    {
        Console.WriteLine("Stopped; everything has been cleaned up.");
        return 130;
    }
}

await using var gitHub = await SandboxGitHub.StartAsync(folder.CreateFolder("github"));
await using var bitbucket = await SandboxBitbucket.StartAsync(folder.CreateFolder("bitbucket"));
try
{
    Narrator.Welcome(gitHub, bitbucket);
    var seeding = Stopwatch.StartNew();
    var organization = SampleOrganization.Seed(gitHub, options.Repositories, ProjectRepository());
    var taken = options.HostsOnly ? null : TakenName.Seed(gitHub, bitbucket);
    Narrator.Filled(gitHub, seeding.Elapsed);
    var program = new MirrorProgram(gitHub, bitbucket, folder);
    var problems = new List<string>();
    if (options.HostsOnly)
    {
        await StayAsync();
        return 0;
    }

    Narrator.Headline("First run: every repository is new, and one fails");
    Narrator.Say("Bitbucket has a repository newsletter already, which somebody else made.");
    Console.WriteLine();
    await RunAsync("first run", isLast: options.Once);

    if (!options.Once)
    {
        Narrator.Headline("Second run: after the fix");
        Narrator.Say(taken!.Fix(bitbucket));
        Console.WriteLine();
        var fixing = await RunAsync("second run", isLast: false);
        if (fixing.Bitbucket.Pushes != 1)
            problems.Add($"second run: pushed {fixing.Bitbucket.Pushes} times though one repository had to be made up for");

        Narrator.Headline("Third run: after a day's work");
        Narrator.Lines(organization.ApplyChanges());
        await RunAsync("third run", isLast: true);
    }

    Narrator.Headline("Do both sides agree?");
    var mirrors = bitbucket.Repositories.Where(mirror => !taken!.IsOf(mirror)).ToList();
    Narrator.Verdict(problems, mirrors.Count, mirrors.Sum(mirror => mirror.Git.BranchesAndTags().Count));
    Narrator.Farewell(program.KeepReport(), Checkout.Root);
    if (options.Keep)
        await StayAsync();

    return problems.Count == 0 ? 0 : 1;

    Task StayAsync()
    {
        Narrator.Invite(program, gitHub, bitbucket);
        return Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    async Task<MirrorRun> RunAsync(string name, bool isLast)
    {
        var run = await program.RunAsync(stop.Token);
        Narrator.Run(run);
        var expected = taken!.IsInTheWay ? 1 : 0;
        if (run.ExitCode != expected)
            problems.Add($"{name}: exit code {run.ExitCode}, not {expected}");
        problems.AddRange(gitHub.WriteAttempts.Select(attempt => $"{name}: wrote to GitHub: {attempt}"));
        problems.AddRange(
            MirrorComparison
                .Compare(gitHub, SampleOrganization.Owner, bitbucket, "acme-mirror", taken.MustBeMirrored, fsck: isLast)
                .Select(problem => $"{name}: {problem}")
        );
        return run;
    }
}
catch (OperationCanceledException)
{
    Console.WriteLine("Stopped; everything has been cleaned up.");
    return 130;
}

// The project's own repository makes a lifelike sample; an unpacked archive has none.
static string? ProjectRepository() => Path.Exists(Path.Combine(Checkout.Root, ".git")) ? Checkout.Root : null;
