using System.Text;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Inputs;
using MirrorAction.Inputs.Yaml;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Drill;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Restore;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;
using MirrorAction.Modes;

namespace MirrorAction.Tests.Configuration;

/// <summary>Environments and options for tests.</summary>
internal static class Given
{
    /// <summary>Every mode that is a command of its own; joining reports is more than a mode.</summary>
    public static TheoryData<string> Modes => [.. ActionInputs.Mode.Allowed.Where(mode => mode != "report")];

    /// <summary>The least that a run needs.</summary>
    public static Dictionary<string, string> Minimum =>
        new(StringComparer.Ordinal)
        {
            ["INPUT_GITHUB-OWNER"] = "acme",
            ["INPUT_GITHUB-TOKEN"] = "ghp_source",
            ["INPUT_BITBUCKET-WORKSPACE"] = "acme-mirror",
            ["INPUT_BITBUCKET-TOKEN"] = "ATCTT3xDestination",
        };

    public static Dictionary<string, string> With(params (string Name, string Value)[] variables)
    {
        var all = Minimum;
        foreach (var (name, value) in variables)
        {
            all[name] = value;
        }

        return all;
    }

    public static GivenSettings Build(Dictionary<string, string> environment, params (string Name, string Value)[] options) =>
        BuildFrom(
            new InputSources(options.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal), new EnvironmentVariables(environment), "/srv")
        );

    /// <summary>What a run is asked by these sources.</summary>
    public static GivenSettings BuildFrom(InputSources sources) => new(((RunMode)ModeList.Named(sources)).Read(sources.WithFile));

    /// <summary>What a configuration file says; it must be good.</summary>
    public static ConfigFile ReadFile(string yaml)
    {
        var problems = new ProblemList();
        var file = new ConfigFileReader(problems, "/srv") { Inspect = static _ => { } }.Parse(Encoding.UTF8.GetBytes(yaml), ".github/mirror.yml");
        problems.ThrowIfAny([]);
        return file.ShouldNotBeNull();
    }

    /// <summary>All that is wrong with a run whose configuration file holds these bytes.</summary>
    public static IReadOnlyList<ConfigurationProblem> ProblemsOfFile(byte[] bytes) =>
        Should.Throw<ConfigurationException>(() => BuildWithFile(bytes)).Problems;

    /// <summary>What is wrong with a run whose configuration file holds these bytes; nothing where nothing is.</summary>
    public static IReadOnlyList<ConfigurationProblem> ProblemsOfAny(byte[] bytes)
    {
        try
        {
            BuildWithFile(bytes);
            return [];
        }
        catch (ConfigurationException e)
        {
            return e.Problems;
        }
    }

    /// <summary>A run whose configuration file holds these bytes.</summary>
    public static GivenSettings BuildWithFile(byte[] bytes)
    {
        var environment = Minimum;
        environment.Remove("INPUT_BITBUCKET-WORKSPACE");
        environment["MIRROR_BITBUCKET_USERNAME"] = "acme-mirror";
        return BuildFrom(
            new InputSources(new Dictionary<string, string>(StringComparer.Ordinal), new EnvironmentVariables(environment), "/srv")
            {
                OpenFile = _ => bytes,
            }
        );
    }

    public static IReadOnlyList<string> ProblemsOf(Dictionary<string, string> environment, params (string Name, string Value)[] options) =>
        [.. Should.Throw<ConfigurationException>(() => Build(environment, options)).Problems.Select(problem => problem.ToString())];

    public static string ProblemOf(string name, string value) => ProblemsOf(With((name, value))).ShouldHaveSingleItem();
}

/// <summary>The settings of any mode, for assertions; null where a mode has no such part.</summary>
internal sealed record GivenSettings(IRunSettings Settings)
{
    public string ModeName => Settings.Run.ModeName;

    public string? Variant => Settings.Run.Variant;

    public MirrorOptions Mirror => Settings.Run.Mirror;

    public GitHubSettings? GitHub => Sides.Select(side => side.Settings).OfType<GitHubSettings>().FirstOrDefault();

    public BitbucketSettings? Bitbucket => Sides.Select(side => side.Settings).OfType<BitbucketSettings>().FirstOrDefault();

    public RestoreOptions? Restore => (Settings as RestoreSettings)?.Restore;

    public DrillOptions? Drill => (Settings as DrillSettings)?.Drill;

    public BackupOptions? Backup => (Settings as BackupSettings)?.Backup ?? (Settings as BackupCheckSettings)?.Backup;

    public int? ShardCount => (Settings as PlanSettings)?.ShardCount;

    public string? PreviousReport => Settings.Previous?.Named;

    public ReportSource ReportSource => Settings.Run.ReportSource;

    public ReportDestination ReportDestination => Settings.Run.ReportDestination;

    public string ReportDirectory => Settings.Run.Reports.Folder;

    public FailOn FailOn => Settings.Run.FailOn;

    public MessageLevel LogLevel => Settings.Run.LogLevel;

    public LogFormat LogFormat => Settings.Run.LogFormat;

    public IReadOnlyList<string> Warnings => Settings.Run.Warnings;

    public IReadOnlyList<HostSide> Sides =>
        Pair is { } pair ? [pair.Source, pair.Destination]
        : Settings is BackupSettings backup ? [backup.From]
        : [];

    private HostPair? Pair =>
        Settings switch
        {
            MirrorSettings mirror => mirror.Hosts,
            PlanSettings plan => plan.Hosts,
            VerifySettings verify => verify.Hosts,
            RestoreSettings restore => restore.Hosts,
            DrillSettings drill => drill.Hosts,
            DoctorSettings doctor => doctor.Hosts,
            _ => null,
        };
}
