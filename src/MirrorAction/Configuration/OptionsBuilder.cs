using MirrorAction.Git;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Mirroring;

namespace MirrorAction.Configuration;

/// <summary>Reads and validates all inputs of a run.</summary>
/// <param name="options">The given command-line options by input name.</param>
/// <param name="environment">The variables of the process.</param>
/// <param name="workingDirectory">Where relative paths begin when there is no <c>GITHUB_WORKSPACE</c>.</param>
internal sealed class OptionsBuilder(IReadOnlyDictionary<string, string> options, EnvironmentVariables environment, string workingDirectory)
{
    private static readonly Uri s_unusable = new("https://invalid/");

    private readonly string _workspace = environment["GITHUB_WORKSPACE"] ?? workingDirectory;
    private readonly ProblemList _problems = new();
    private readonly List<string> _warnings = [];
    private InputReader _reader = new(options, environment, ConfigFile.None);

    /// <summary>Is shown the text of the configuration file before anything of it can be quoted.</summary>
    public Action<string> InspectFile { get; init; } = static _ => { };

    /// <summary>Gives the bytes of the file at a path.</summary>
    public Func<string, byte[]> OpenFile { get; init; } = ConfigFileText.ReadBytes;

    /// <summary>Builds the settings.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; the exception lists all of it.</exception>
    public RunSettings Build()
    {
        _warnings.AddRange(_reader.WarnOfUnknown());
        var file = ReadFile();
        var mode = ReadMode();
        var shard = Read<Shard?>(ActionInputs.Shard, InputFormat.Shard, null);
        var shardCount = ReadShardCount(mode);
        var settings = new RunSettings
        {
            Mode = mode,
            Mirror = BuildMirror(mode, file.Rules) with { Shard = shard, Shares = new(shard?.Count ?? shardCount ?? 1) },
            GitHub = BuildGitHub(),
            Bitbucket = BuildBitbucket(),
            ReportDirectory = Read(ActionInputs.ReportDir, text => WorkspacePath.Resolve(text, _workspace, "folder"), ""),
            ShardCount = shardCount,
            FailOn = InputFormat.FailOn(Choose(ActionInputs.FailOn)),
            LogLevel = LogLevels.Of(Choose(ActionInputs.LogLevel), environment),
            Warnings = _warnings,
        };
        _problems.ThrowIfAny(_warnings);
        return settings;
    }

    private RunMode ReadMode()
    {
        var word = Choose(ActionInputs.Mode);
        if (word == ReportSettingsBuilder.Mode)
        {
            // As an input or a command it never comes here; it must not be taken for a run that writes.
            _problems.Add(Label(ActionInputs.Mode), "report joins the reports of other runs; give it as the input mode or as the command 'mirror-action report' itself.");
        }

        return word switch { "plan" => RunMode.Plan, "doctor" => RunMode.Doctor, _ => RunMode.Mirror };
    }

    /// <summary>The configuration file, which is the last source of every input. What it would have said is unknown when it can't be read, so nothing else is checked then.</summary>
    private ConfigFile ReadFile()
    {
        var file = new ConfigFileReader(_problems, _workspace) { Inspect = InspectFile, Open = OpenFile }.Read(_reader.Read(ActionInputs.Config));
        if (file is null)
        {
            _problems.ThrowIfAny(_warnings);
        }

        _reader = new(options, environment, file!);
        return file!;
    }

    private MirrorOptions BuildMirror(RunMode mode, IReadOnlyList<RepositoryRule> rules) => new()
    {
        Rules = rules,
        IsPlan = mode == RunMode.Plan,
        Owners = ReadOwners(),
        Filter = new RepositoryFilter
        {
            Include = Read(ActionInputs.Repositories, InputFormat.NamePatterns, []),
            Exclude = Read(ActionInputs.Exclude, InputFormat.NamePatterns, []),
            OnlyPrivate = Choose(ActionInputs.Visibility) switch { "private" => true, "public" => false, _ => null },
            Forks = ReadInclusion(ActionInputs.Forks),
            Archived = ReadInclusion(ActionInputs.Archived),
        },
        FollowSourceVisibility = Choose(ActionInputs.DestinationVisibility) == "source",
        Concurrency = ReadNumber(ActionInputs.Concurrency),
        Timeout = ReadNumber(ActionInputs.TimeoutMinutes) is > 0 and var minutes ? TimeSpan.FromMinutes(minutes) : Timeout.InfiniteTimeSpan,
        CreateInterval = Read(ActionInputs.CreateInterval, InputFormat.Duration, default),
        Refs = new RefOptions
        {
            Patterns = Read(ActionInputs.Refs, InputFormat.RefPatterns, RefPatternSet.BranchesAndTags),
            Prune = Read(ActionInputs.Prune, InputFormat.Boolean, false),
            PruneLimit = Read(ActionInputs.PruneLimit, InputFormat.PruneLimit, default),
            KeepOverwritten = Read(ActionInputs.KeepOverwritten, InputFormat.Boolean, false),
            KeepFor = ReadNumber(ActionInputs.KeepDays) is > 0 and var days ? TimeSpan.FromDays(days) : null,
            Adopt = Read(ActionInputs.Adopt, InputFormat.Boolean, false),
            MaxAttempts = ReadNumber(ActionInputs.MaxAttempts),
        },
    };

    private int? ReadShardCount(RunMode mode)
    {
        if (!IsGiven(ActionInputs.ShardCount))
        {
            return null;
        }

        var count = ReadNumber(ActionInputs.ShardCount);
        if (mode == RunMode.Plan)
        {
            return count;
        }

        _warnings.Add($"{Label(ActionInputs.ShardCount)} has a meaning only with mode plan; a matrix job gives each of its runs a 'shard'.");
        return null;
    }

    private GitHubSettings BuildGitHub()
    {
        var token = ReadSecret(ActionInputs.GitHubToken);
        var app = ReadApp();
        if (!IsGiven(ActionInputs.GitHubToken) && !IsGiven(ActionInputs.GitHubAppId))
        {
            _warnings.Add("github-token is not given: only public repositories are visible, and GitHub allows 60 requests an hour.");
        }

        return new(
            ReadUrl(ActionInputs.GitHubApiUrl, ActionInputs.GitHubToken), ReadUrl(ActionInputs.GitHubServerUrl, ActionInputs.GitHubToken),
            app is null ? token : null, app);
    }

    private GitHubAppKey? ReadApp()
    {
        var id = Read(ActionInputs.GitHubAppId, GitHubInput.AppId, "");
        var key = Read<Secret?>(ActionInputs.GitHubAppPrivateKey, GitHubInput.AppPrivateKey, null);
        RequireBoth(ActionInputs.GitHubAppId, ActionInputs.GitHubAppPrivateKey);
        return key is null ? null : new(id, key.Reveal());
    }

    private BitbucketSettings BuildBitbucket()
    {
        var email = Read(ActionInputs.BitbucketEmail, BitbucketInput.Email, "");
        var consumer = ReadConsumer();
        return new(
            ReadUrl(ActionInputs.BitbucketApiUrl, ActionInputs.BitbucketToken),
            ReadUrl(ActionInputs.BitbucketGitUrl, ActionInputs.BitbucketToken),
            ReadWorkspace(),
            consumer is null ? ReadBitbucketToken() : null,
            email.Length > 0 && consumer is null ? email : null,
            consumer,
            Read(ActionInputs.BitbucketProject, BitbucketInput.ProjectKey, "") is { Length: > 0 } key ? key : null);
    }

    private BitbucketConsumer? ReadConsumer()
    {
        var key = Read<Secret?>(ActionInputs.BitbucketOAuthKey, CredentialText.Read, null);
        var secret = ReadSecret(ActionInputs.BitbucketOAuthSecret);
        RequireBoth(ActionInputs.BitbucketOAuthKey, ActionInputs.BitbucketOAuthSecret);
        if (!IsGiven(ActionInputs.BitbucketOAuthKey) && !IsGiven(ActionInputs.BitbucketOAuthSecret))
        {
            return null;
        }

        if (IsGiven(ActionInputs.BitbucketToken))
        {
            _problems.Add(
                Label(ActionInputs.BitbucketOAuthKey),
                $"is given as well as {Label(ActionInputs.BitbucketToken)}; give either the OAuth consumer or the token, so that it is clear who writes.");
        }

        return new(key?.Reveal() ?? "", secret?.Reveal() ?? "");
    }

    private Secret? ReadBitbucketToken()
    {
        var token = ReadSecret(ActionInputs.BitbucketToken);
        if (!IsGiven(ActionInputs.BitbucketToken))
        {
            _problems.Add(
                Label(ActionInputs.BitbucketToken),
                "required; give an access token, an API token together with bitbucket-email, or an OAuth consumer (bitbucket-oauth-key and bitbucket-oauth-secret).");
        }
        else if (token is not null)
        {
            _warnings.AddRange(BitbucketInput.WarnOfMismatch(token.Reveal(), IsGiven(ActionInputs.BitbucketEmail), Label(ActionInputs.BitbucketToken)));
        }

        return token ?? new Secret("");
    }

    /// <summary>Two inputs that are of use only together.</summary>
    private void RequireBoth(ActionInput first, ActionInput second)
    {
        if (IsGiven(first) != IsGiven(second))
        {
            var (given, missing) = IsGiven(first) ? (first, second) : (second, first);
            _problems.Add(Label(missing), $"required together with {given.Name}; give both or none.");
        }
    }

    private string ReadWorkspace()
    {
        if (!IsGiven(ActionInputs.BitbucketWorkspace))
        {
            _problems.Add(Label(ActionInputs.BitbucketWorkspace), $"required; {BitbucketInput.WhereTheSlugIs}");
        }

        return Read(ActionInputs.BitbucketWorkspace, BitbucketInput.Workspace, "");
    }

    private IReadOnlyList<string> ReadOwners()
    {
        var owners = Read(ActionInputs.GitHubOwner, GitHubInput.Owners, null);
        if (!IsGiven(ActionInputs.GitHubOwner))
        {
            _problems.Add(Label(ActionInputs.GitHubOwner), "required outside a workflow; name an organisation or user, such as acme.");
        }

        return owners ?? [];
    }

    private Inclusion ReadInclusion(ActionInput input) =>
        Choose(input) switch { "include" => Inclusion.Include, "only" => Inclusion.Only, _ => Inclusion.Exclude };

    private Secret? ReadSecret(ActionInput input) => Read<Secret?>(input, CredentialText.Read, null);

    private Uri ReadUrl(ActionInput input, ActionInput token) => Read(input, text => InputFormat.Url(text, token.Name), s_unusable);

    private int ReadNumber(ActionInput input) => Read(input, text => InputFormat.WholeNumber(text, input.Min, input.Max), input.Min);

    private string Choose(ActionInput input) => Read(input, text => InputFormat.Choice(text, input.Allowed), input.Default!);

    private bool IsGiven(ActionInput input) => _reader.Read(input).IsGiven;

    private string Label(ActionInput input) => _reader.Read(input).Label;

    private T Read<T>(ActionInput input, Func<string, T> format, T fallback) => _problems.Try(input, _reader.Read(input), format, fallback);
}
