using MirrorAction.Git.Transport;
using MirrorAction.Hosting;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;
using MirrorAction.Terminal;

namespace MirrorAction.Modes;

/// <summary>
/// Mirrors one repository between any two git URLs; tells of it in the log alone. The action's inputs have no say; only credentials come from the
/// environment.
/// </summary>
internal sealed class SyncMode : IMode
{
    private const string SourceVariables = "MIRROR_SOURCE";
    private const string DestinationVariables = "MIRROR_DESTINATION";

    /// <summary>The user that goes with a token when none is named; GitHub wants this one, others take any.</summary>
    private const string DefaultUser = "x-access-token";

    private static readonly Uri s_unusable = new("https://invalid/");

    // Both repositories are named by hand, so there is no guard against a stranger's unless it is asked for.
    private static readonly ActionInput<bool> s_adopt = RefInputs.Adopt with
    {
        Default = "true",
        Summary = "false refuses a destination with branches that are no part of the source's history",
    };

    private static readonly ActionInput<bool> s_dryRun = new("dry-run", InputKind.Boolean, InputFormat.Boolean)
    {
        Summary = "Show what would be done; write nothing",
        Text = "Shows what would be done, and writes nothing.",
        Default = "false",
        IsFlag = true,
    };

    /// <inheritdoc/>
    public string Name => "sync";

    /// <inheritdoc/>
    public ModeHelp Help { get; } =
        new()
        {
            Command = "Mirror one repository between any two git URLs",
            IsShort = true,
            Credentials =
            [
                ($"{SourceVariables}_USERNAME, {SourceVariables}_TOKEN", "for the source"),
                ($"{DestinationVariables}_USERNAME, {DestinationVariables}_TOKEN", "for the destination"),
                ($"Without a user name, {DefaultUser} goes with the token.", ""),
            ],
            Examples = ["sync https://github.com/acme/website.git https://git.example.com/mirrors/website.git --dry-run"],
        };

    /// <inheritdoc/>
    public IReadOnlyList<ActionInput> Inputs =>
        [
            .. RefInputs.All.Where(input => input != RefInputs.Adopt),
            s_adopt,
            RunInputs.MaxAttempts,
            RunInputs.LogLevel,
            RunInputs.LogFormat,
            s_dryRun,
        ];

    /// <inheritdoc/>
    public IReadOnlyList<ModeArgument> Arguments =>
        [new("SOURCE-URL", "The repository that is read"), new("DESTINATION-URL", "The repository that is written")];

    /// <inheritdoc/>
    public bool IsOfAction => false;

    /// <inheritdoc/>
    public ModeText TextOf(string? variant) => MirrorMode.Text;

    /// <summary>Reads and validates what is asked.</summary>
    /// <param name="source">The first URL.</param>
    /// <param name="destination">The second URL.</param>
    /// <param name="options">The options by input name.</param>
    /// <param name="environment">The variables of the process.</param>
    /// <exception cref="ConfigurationException">Something is wrong; the exception lists all of it.</exception>
    public static SyncSettings Read(string source, string destination, IReadOnlyDictionary<string, string> options, EnvironmentVariables environment)
    {
        var inputs = new InputSources(options, EnvironmentVariables.None, "/").WithoutFile;
        var problems = inputs.Problems;
        var settings = new SyncSettings
        {
            SourceUrl = ReadUrl(problems, "SOURCE-URL", source, SourceVariables),
            DestinationUrl = ReadUrl(problems, "DESTINATION-URL", destination, DestinationVariables),
            SourceLogin = ReadLogin(problems, environment, SourceVariables),
            DestinationLogin = ReadLogin(problems, environment, DestinationVariables),
            IsDryRun = inputs.Read(s_dryRun),
            LogLevel = RunInputs.ReadLogLevel(inputs, environment),
            LogFormat = inputs.Read(RunInputs.LogFormat),
            Refs = RefInputs.Read(inputs) with { Adopt = inputs.Read(s_adopt) },
        };
        if (settings.SourceUrl == settings.DestinationUrl && settings.SourceUrl != s_unusable)
        {
            problems.Add("DESTINATION-URL", "is the same repository as SOURCE-URL.");
        }

        problems.ThrowIfAny([]);
        return settings;
    }

    /// <inheritdoc/>
    public async Task<int> RunAsync(ModeContext context, CancellationToken cancellationToken)
    {
        var settings = Read(context.Call.Arguments[0], context.Call.Arguments[1], context.Call.Options, context.Surroundings.Environment);
        context.BeginLog(settings.LogLevel, settings.LogFormat, []);
        var words = settings.IsDryRun ? PlanMode.Text : MirrorMode.Text;
        RepositoryReport? report;
        using (var observer = new ConsoleObserver(context.Console, context.Log, context.Surroundings, words, showsChanges: true))
        {
            var recorder = new RunRecorder(observer);
            var work = Task.Run(() => context.Engine.SyncAsync(settings, recorder, cancellationToken), CancellationToken.None);
            report = await work.WithGraceAsync(context.Surroundings.Time, cancellationToken);
            if (report is not null && recorder.Done.Count == 0)
            {
                observer.Finished(1, 1, report, []);
            }
        }

        if (report is null || cancellationToken.IsCancellationRequested)
        {
            context.Log.Write(MessageLevel.Warning, "Cancelled. What is done stays done; a ref has moved whole or not at all.");
            return ExitCodes.Cancelled;
        }

        return ExitCodes.For(report);
    }

    /// <summary>What to do where a server wants another login, or any: nothing more is known of a host that is not named.</summary>
    internal static HostFailure? ExplainSource(int? status, SyncLogin? login) => Explain(status, login, SourceVariables);

    /// <summary>The same for the destination.</summary>
    internal static HostFailure? ExplainDestination(int? status, SyncLogin? login) => Explain(status, login, DestinationVariables);

    private static HostFailure? Explain(int? status, SyncLogin? login, string prefix) =>
        status is not 401
            ? null
            : new(
                HostFailureKind.Unauthorized,
                login is null
                    ? $"Put the login into the environment variables {prefix}_USERNAME and {prefix}_TOKEN."
                    : $"Check {prefix}_USERNAME and {prefix}_TOKEN: the login is wrong, expired or of another server."
            );

    private static Uri ReadUrl(ProblemList problems, string subject, string text, string prefix) =>
        problems.Try(subject, () => InputFormat.Url(text.Trim(), $"the environment variable {prefix}_TOKEN"), s_unusable);

    private static SyncLogin? ReadLogin(ProblemList problems, EnvironmentVariables environment, string prefix)
    {
        var user = environment[$"{prefix}_USERNAME"];
        if (environment[$"{prefix}_TOKEN"] is not { } token)
        {
            if (user is not null)
            {
                problems.Add($"{prefix}_USERNAME", $"is given without {prefix}_TOKEN; set both, or none where the server needs none.");
            }

            return null;
        }

        if (user?.Contains(':', StringComparison.Ordinal) == true)
        {
            problems.Add($"{prefix}_USERNAME", "must not hold a ':'.");
        }

        return new SyncLogin(user ?? DefaultUser, problems.Try($"{prefix}_TOKEN", () => Secret.Read(token), new Secret("")));
    }
}

/// <summary>What <c>sync</c> was asked. Shows no secret as text.</summary>
internal sealed record SyncSettings
{
    /// <summary>The repository that is read.</summary>
    public required Uri SourceUrl { get; init; }

    /// <summary>The repository that is written.</summary>
    public required Uri DestinationUrl { get; init; }

    /// <summary>The credential for the source; null when none was given.</summary>
    public SyncLogin? SourceLogin { get; init; }

    /// <summary>The credential for the destination; null when none was given.</summary>
    public SyncLogin? DestinationLogin { get; init; }

    /// <summary>How the refs are mirrored.</summary>
    public required RefOptions Refs { get; init; }

    /// <summary>Shows what would be done and writes nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>What is printed.</summary>
    public MessageLevel LogLevel { get; init; } = MessageLevel.Info;

    /// <summary>How it is printed.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>Does the work.</summary>
    public Task<RepositoryReport> DoAsync(Connections connections, CancellationToken cancellationToken)
    {
        var job = new RepositoryJob
        {
            SourceName = SourceUrl.AbsoluteUri,
            DestinationName = DestinationUrl.AbsoluteUri,
            Source = new GitEndpoint(SourceUrl, SourceLogin?.ToCredential()),
            Destination = new GitEndpoint(DestinationUrl, DestinationLogin?.ToCredential()),
            Options = Refs,
            IsPlan = IsDryRun,
            ExplainSource = (status, _) => SyncMode.ExplainSource(status, SourceLogin),
            ExplainDestination = (status, _) => SyncMode.ExplainDestination(status, DestinationLogin),
            Progress = bytes => connections.Observer.Transferred(SourceUrl.AbsoluteUri, bytes),
        };
        return new RepositoryMirror(connections.Git, job, connections.Time, connections.Observer.Log).RunAsync(cancellationToken);
    }
}

/// <summary>User and token for git over HTTPS.</summary>
/// <param name="UserName">The user; many hosts take any name.</param>
/// <param name="Token">The token or password.</param>
internal sealed record SyncLogin(string UserName, Secret Token)
{
    /// <summary>For git.</summary>
    public StaticCredential ToCredential() => StaticCredential.Basic(UserName, Token.Reveal());
}
