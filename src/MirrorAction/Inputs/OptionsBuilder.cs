using MirrorAction.Git.Model;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Inputs.Yaml;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Drill;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Restore;
using MirrorAction.Mirroring.Selection;
using MirrorAction.Mirroring.Verify;

namespace MirrorAction.Inputs;

/// <summary>Reads and validates all inputs of a run.</summary>
/// <param name="options">The given command-line options by input name.</param>
/// <param name="environment">The variables of the process.</param>
/// <param name="workingDirectory">Where relative paths begin when there is no <c>GITHUB_WORKSPACE</c>.</param>
internal sealed class OptionsBuilder(IReadOnlyDictionary<string, string> options, EnvironmentVariables environment, string workingDirectory)
{
    private static readonly TimeSpan s_leastPauseAtGitHub = TimeSpan.FromSeconds(1);

    private readonly string _workspace = WorkspacePath.Base(environment, workingDirectory);
    private readonly ProblemList _problems = new();
    private readonly List<string> _warnings = [];
    private CheckedInputs _inputs = null!;
    private HostSettingsReader _hosts = null!;

    /// <summary>Is shown the text of the configuration file before anything of it can be quoted.</summary>
    public Action<string> InspectFile { get; init; } = static _ => { };

    /// <summary>Gives the bytes of the file at a path.</summary>
    public Func<string, byte[]> OpenFile { get; init; } = ConfigFileText.ReadBytes;

    /// <summary>Builds the settings.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; the exception lists all of it.</exception>
    public RunSettings Build()
    {
        WorkspacePath.CheckBase(environment, _problems);
        var file = ReadFile();
        _hosts = new(_inputs, _warnings);
        var mode = ReadMode();
        WarnOfOthers();
        if (mode == RunMode.Restore && _inputs.IsGiven(ModeInputs.Sample) && _inputs.ReadNumber(ModeInputs.Sample) > 0)
        {
            // Who asks for a sample means the drill; without it everything would be restored.
            _problems.Add(_inputs.Label(ModeInputs.Sample), "has a meaning only together with drill; a restore takes what repositories names.");
        }

        if (mode == RunMode.Backup && IsMeant(_inputs.Value(ModeInputs.Deep), ModeInputs.Deep))
        {
            _warnings.Add($"{_inputs.Label(ModeInputs.Deep)} has a meaning in mode backup only together with check.");
        }

        var shard = _inputs.Read<Shard?>(ActionInputs.Shard, InputFormat.Shard, null);
        var shardCount = ReadShardCount(mode);
        var settings = new RunSettings
        {
            Mode = mode,
            Mirror = BuildMirror(mode, file.Rules) with { Shard = shard, Shares = new(shard?.Count ?? shardCount ?? 1) },
            Verify = new VerifyOptions(_inputs.ReadSwitch(ModeInputs.Deep)),
            Restore =
                mode == RunMode.Restore
                    ? new RestoreOptions(_hosts.ReadTargetOwner())
                    {
                        IncludeKept = _inputs.ReadSwitch(ModeInputs.IncludeKept),
                        PushLimit = _inputs.Read(ModeInputs.PushLimit, InputFormat.Bytes, 0),
                    }
                    : null,
            Drill =
                mode == RunMode.Drill
                    ? new DrillOptions(Scratch) { Sample = _inputs.ReadNumber(ModeInputs.Sample) is > 0 and var sample ? sample : null }
                    : null,
            Backup = IsBackup(mode) ? BuildBackup(mode) : null,
            GitHub = NeedsGitHub(mode) ? _hosts.ReadGitHub(isWritten: mode == RunMode.Restore) : null,
            Bitbucket = NeedsBitbucket(mode) ? _hosts.ReadBitbucket() : null,
            AddressesFromFile = _inputs.AddressesFromFile,
            PreviousReport = _inputs.IsGiven(ModeInputs.PreviousReport)
                ? _inputs.Read(ModeInputs.PreviousReport, text => WorkspacePath.Resolve(text, _workspace, "file"), "")
                : null,
            ReportDirectory = _inputs.Read(ActionInputs.ReportDir, text => WorkspacePath.Resolve(text, _workspace, "folder"), ""),
            ShardCount = shardCount,
            FailOn = InputFormat.FailOn(_inputs.Choose(ActionInputs.FailOn)),
            LogLevel = LogLevels.Of(_inputs.Choose(ActionInputs.LogLevel), environment),
            LogFormat = InputFormat.LogFormat(_inputs.Choose(ActionInputs.LogFormat)),
            Warnings = _warnings,
        };
        _problems.ThrowIfAny(_warnings);
        return settings;
    }

    private RunMode ReadMode()
    {
        var word = _inputs.Choose(ActionInputs.Mode);
        if (word == ReportSettingsBuilder.Mode)
        {
            // As an input or a command it never comes here; it must not be taken for a run that writes.
            _problems.Add(
                _inputs.Label(ActionInputs.Mode),
                "report joins the reports of other runs; give it as the input mode or as the command 'mirror-action report' itself."
            );
        }

        return word switch
        {
            "plan" => RunMode.Plan,
            "verify" => RunMode.Verify,
            "restore" => _inputs.ReadSwitch(ModeInputs.Drill) ? RunMode.Drill : RunMode.Restore,
            "backup" => _inputs.ReadSwitch(ModeInputs.Check) ? RunMode.BackupCheck : RunMode.Backup,
            "doctor" => RunMode.Doctor,
            _ => RunMode.Mirror,
        };
    }

    private bool IsFromBitbucket => _inputs.Choose(ModeInputs.From) == "bitbucket";

    /// <summary>The runner's folder for passing things, else the system's.</summary>
    private string Scratch => environment["RUNNER_TEMP"] ?? Path.GetTempPath();

    private static bool IsBackup(RunMode mode) => mode is RunMode.Backup or RunMode.BackupCheck;

    private bool NeedsGitHub(RunMode mode) => mode != RunMode.BackupCheck && (mode != RunMode.Backup || !IsFromBitbucket);

    private bool NeedsBitbucket(RunMode mode) => mode != RunMode.BackupCheck && (mode != RunMode.Backup || IsFromBitbucket);

    private BackupOptions BuildBackup(RunMode mode) =>
        new(_inputs.Read(ModeInputs.BackupDir, text => WorkspacePath.Resolve(text, _workspace, "folder"), ""))
        {
            FullEvery = _inputs.ReadNumber(ModeInputs.FullEvery),
            Keep = _inputs.ReadNumber(ModeInputs.Keep) is > 0 and var keep ? keep : null,
            Scratch = mode == RunMode.BackupCheck && _inputs.ReadSwitch(ModeInputs.Deep) ? Scratch : null,
        };

    /// <summary>An input that is given and has no meaning in this mode is a mistake, though mostly a harmless one.</summary>
    private void WarnOfOthers()
    {
        var word = _inputs.Choose(ActionInputs.Mode);
        foreach (
            var input in ActionInputs.All.Where(input =>
                input.OnlyIn.Count > 0 && !input.OnlyIn.Contains(word) && IsMeant(_inputs.Value(input), input)
            )
        )
        {
            if (input == ModeInputs.DryRun)
            {
                // Who asks for a dry run must never get one that writes.
                _problems.Add(
                    _inputs.Label(input),
                    $"has a meaning only with mode restore{(word is "mirror" or "plan" ? "; what mirror would do is told by mode plan" : "")}."
                );
                continue;
            }

            _warnings.Add($"{_inputs.Label(input)} has a meaning only with mode {string.Join(" or ", input.OnlyIn)}.");
        }
    }

    /// <summary>
    /// The configuration file, which is the last source of every input. What it would have said is unknown when it can't be read, so nothing else is
    /// checked then.
    /// </summary>
    private ConfigFile ReadFile()
    {
        var withoutFile = new InputReader(options, environment, ConfigFile.None);
        withoutFile.CheckUnknown(_problems, _warnings);
        var file = new ConfigFileReader(_problems, _workspace) { Inspect = InspectFile, Open = OpenFile }.Read(withoutFile.Read(ActionInputs.Config));
        if (file is null)
        {
            _problems.ThrowIfAny(_warnings);
        }

        _inputs = new(new InputReader(options, environment, file!), _problems);
        return file!;
    }

    private MirrorOptions BuildMirror(RunMode mode, IReadOnlyList<RepositoryRule> rules) =>
        new()
        {
            Rules = rules,
            IsPlan = mode == RunMode.Plan || (mode == RunMode.Restore && _inputs.ReadSwitch(ModeInputs.DryRun)),
            Owners = mode switch
            {
                RunMode.BackupCheck => [],
                RunMode.Restore => [_hosts.ReadWorkspace()],
                RunMode.Backup when IsFromBitbucket => [_hosts.ReadWorkspace()],
                _ => _hosts.ReadOwners(),
            },
            Filter = new RepositoryFilter
            {
                Include = _inputs.Read(ActionInputs.Repositories, InputFormat.NamePatterns, []),
                Exclude = _inputs.Read(ActionInputs.Exclude, InputFormat.NamePatterns, []),
                IncludeOrigin = _inputs.Label(ActionInputs.Repositories),
                ExcludeOrigin = _inputs.Label(ActionInputs.Exclude),
                OnlyPrivate = _inputs.Choose(ActionInputs.Visibility) switch
                {
                    "private" => true,
                    "public" => false,
                    _ => null,
                },
                Forks = ReadInclusion(ActionInputs.Forks),
                Archived = ReadInclusion(ActionInputs.Archived),
            },
            FollowSourceVisibility = _inputs.Choose(ActionInputs.DestinationVisibility) == "source",
            Concurrency = _inputs.ReadNumber(ActionInputs.Concurrency),
            Timeout = _inputs.ReadNumber(ActionInputs.TimeoutMinutes) is > 0 and var minutes
                ? TimeSpan.FromMinutes(minutes)
                : Timeout.InfiniteTimeSpan,
            CreateInterval = ReadCreateInterval(mode),
            Refs = new RefOptions
            {
                Patterns = _inputs.Read(ActionInputs.Refs, InputFormat.RefPatterns, RefPatternSet.BranchesAndTags),
                Prune = _inputs.ReadSwitch(ActionInputs.Prune),
                PruneLimit = _inputs.Read(ActionInputs.PruneLimit, InputFormat.PruneLimit, default),
                KeepOverwritten = _inputs.ReadSwitch(ActionInputs.KeepOverwritten),
                KeepFor = _inputs.ReadNumber(ActionInputs.KeepDays) is > 0 and var days ? TimeSpan.FromDays(days) : null,
                Adopt = _inputs.ReadSwitch(ActionInputs.Adopt),
                Repair = mode == RunMode.Mirror && _inputs.ReadSwitch(ModeInputs.Repair),
                MaxAttempts = _inputs.ReadNumber(ActionInputs.MaxAttempts),
            },
        };

    /// <summary>A configuration file serves several modes, and a form passes on what nobody changed in it.</summary>
    private static bool IsMeant(InputValue value, ActionInput input) => value is { IsGiven: true, FromFile: null } && value.Text != input.Default;

    private int? ReadShardCount(RunMode mode) =>
        mode == RunMode.Plan && _inputs.IsGiven(ActionInputs.ShardCount) ? _inputs.ReadNumber(ActionInputs.ShardCount) : null;

    /// <summary>GitHub slows down who creates more than one repository a second; who gives a pause knows better.</summary>
    private TimeSpan ReadCreateInterval(RunMode mode)
    {
        var given = _inputs.Read(ActionInputs.CreateInterval, InputFormat.Duration, default);
        return mode == RunMode.Restore && !_inputs.IsGiven(ActionInputs.CreateInterval) && given < s_leastPauseAtGitHub
            ? s_leastPauseAtGitHub
            : given;
    }

    private Inclusion ReadInclusion(ActionInput input) =>
        _inputs.Choose(input) switch
        {
            "include" => Inclusion.Include,
            "only" => Inclusion.Only,
            _ => Inclusion.Exclude,
        };
}
