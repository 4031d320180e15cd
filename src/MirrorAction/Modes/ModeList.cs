using MirrorAction.Inputs;

namespace MirrorAction.Modes;

/// <summary>All modes. Nothing but this list and the modes themselves knows which there are.</summary>
internal static class ModeList
{
    /// <summary>Every mode, in the order of the help.</summary>
    public static IReadOnlyList<IMode> All { get; } =
    [
        new MirrorMode(),
        new PlanMode(),
        new VerifyMode(),
        new RestoreMode(),
        new BackupMode(),
        new DoctorMode(),
        new ReportMode(),
        new InitMode(),
        new CompletionMode(),
        new SyncMode(),
    ];

    /// <summary>Those that the input <c>mode</c> names.</summary>
    public static IReadOnlyList<IMode> OfAction { get; } = [.. All.Where(mode => mode.IsOfAction)];

    /// <summary>The one that is meant when none is named.</summary>
    public static IMode Default => All[0];

    /// <summary>The mode of a name; null for none.</summary>
    public static IMode? Find(string? name) => All.FirstOrDefault(mode => mode.Name == name);

    /// <summary>The mode that the input <c>mode</c> names.</summary>
    /// <exception cref="ConfigurationException">The configuration file can't be read.</exception>
    public static IMode Named(InputSources sources)
    {
        var name = sources.WithoutFile.Value(ActionInputs.Mode).Text;
        if (OfAction.FirstOrDefault(mode => mode.Name == name) is { WhyNotInFile: not null } withoutFile)
        {
            return withoutFile;
        }

        var inputs = sources.WithFile;
        var named = inputs.Read(ActionInputs.Mode);
        if (named.WhyNotInFile is null)
        {
            return named;
        }

        // The rest is read as for any run, so that all problems are told.
        inputs.Refuse(ActionInputs.Mode, named.WhyNotInFile);
        return Default;
    }
}
