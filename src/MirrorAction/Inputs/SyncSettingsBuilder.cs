using MirrorAction.Mirroring.Refs;

namespace MirrorAction.Inputs;

/// <summary>What was written on the command line behind <c>sync</c>.</summary>
/// <param name="Source">The first URL.</param>
/// <param name="Destination">The second URL.</param>
/// <param name="IsDryRun">With <c>--dry-run</c>.</param>
/// <param name="Options">The other options by input name.</param>
internal sealed record SyncArguments(string Source, string Destination, bool IsDryRun, IReadOnlyDictionary<string, string> Options);

/// <summary>
/// Reads and validates what <c>sync</c> is asked to do. The action's inputs have no say; only credentials come from the environment.
/// </summary>
internal sealed class SyncSettingsBuilder(SyncArguments arguments, EnvironmentVariables environment)
{
    /// <summary>The user that goes with a token when none is named; GitHub wants this one, others take any.</summary>
    public const string DefaultUser = "x-access-token";

    /// <summary>The inputs that are options of <c>sync</c> too.</summary>
    public static IReadOnlyList<ActionInput> Inputs { get; } =
    [
        ActionInputs.Refs,
        ActionInputs.Prune,
        ActionInputs.PruneLimit,
        ActionInputs.KeepOverwritten,
        ActionInputs.KeepDays,
        // Both repositories are named by hand, so there is no guard against a stranger's unless it is asked for.
        ActionInputs.Adopt with
        {
            Default = "true",
            Description = "false refuses a destination with branches that are no part of the source's history",
        },
        ActionInputs.MaxAttempts,
        ActionInputs.LogLevel,
        ActionInputs.LogFormat,
    ];

    private static readonly Uri s_unusable = new("https://invalid/");

    private readonly ProblemList _problems = new();

    /// <summary>Builds the settings.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; the exception lists all of it.</exception>
    public SyncSettings Build()
    {
        var settings = new SyncSettings
        {
            SourceUrl = ReadUrl("SOURCE-URL", arguments.Source, "MIRROR_SOURCE_TOKEN"),
            DestinationUrl = ReadUrl("DESTINATION-URL", arguments.Destination, "MIRROR_DESTINATION_TOKEN"),
            SourceLogin = ReadLogin("MIRROR_SOURCE"),
            DestinationLogin = ReadLogin("MIRROR_DESTINATION"),
            IsDryRun = arguments.IsDryRun,
            LogLevel = LogLevels.Of(Read("log-level", text => InputFormat.Choice(text, ActionInputs.LogLevel.Allowed)) ?? "info", environment),
            LogFormat = Read("log-format", text => InputFormat.LogFormat(InputFormat.Choice(text, ActionInputs.LogFormat.Allowed))),
            Refs = new RefOptions
            {
                Patterns = Read("refs", InputFormat.RefPatterns) ?? Git.Model.RefPatternSet.BranchesAndTags,
                Prune = Read("prune", InputFormat.Boolean),
                PruneLimit = Read("prune-limit", InputFormat.PruneLimit),
                KeepOverwritten = Read("keep-overwritten", InputFormat.Boolean),
                KeepFor = Read("keep-days", text => InputFormat.WholeNumber(text, ActionInputs.KeepDays.Min, ActionInputs.KeepDays.Max))
                    is > 0
                        and var days
                    ? TimeSpan.FromDays(days)
                    : null,
                Adopt = Read("adopt", InputFormat.Boolean),
                MaxAttempts = Read("max-attempts", text => InputFormat.WholeNumber(text, ActionInputs.MaxAttempts.Min, ActionInputs.MaxAttempts.Max)),
            },
        };
        if (settings.SourceUrl == settings.DestinationUrl && settings.SourceUrl != s_unusable)
        {
            _problems.Add("DESTINATION-URL", "is the same repository as SOURCE-URL.");
        }

        _problems.ThrowIfAny([]);
        return settings;
    }

    private Uri ReadUrl(string subject, string text, string tokenVariable) =>
        _problems.Try(subject, () => InputFormat.Url(text.Trim(), $"the environment variable {tokenVariable}"), s_unusable);

    private SyncLogin? ReadLogin(string prefix)
    {
        var user = environment[$"{prefix}_USERNAME"];
        if (environment[$"{prefix}_TOKEN"] is not { } token)
        {
            if (user is not null)
            {
                _problems.Add($"{prefix}_USERNAME", $"is given without {prefix}_TOKEN; set both, or none where the server needs none.");
            }

            return null;
        }

        if (user?.Contains(':', StringComparison.Ordinal) == true)
        {
            _problems.Add($"{prefix}_USERNAME", "must not hold a ':'.");
        }

        return new SyncLogin(user ?? DefaultUser, _problems.Try($"{prefix}_TOKEN", () => CredentialText.Read(token), new Secret("")));
    }

    private T? Read<T>(string name, Func<string, T> format)
    {
        var input = Inputs.First(i => i.Name == name);
        var text = arguments.Options.TryGetValue(name, out var given) && !string.IsNullOrWhiteSpace(given) ? given.Trim() : input.Default!;
        return _problems.Try<T?>(input.Option, () => format(text), default);
    }
}
