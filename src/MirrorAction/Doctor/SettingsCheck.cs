using MirrorAction.Hosts;
using MirrorAction.Inputs;
using MirrorAction.Modes;

namespace MirrorAction.Doctor;

/// <summary>Settings that can be used and are still seldom meant.</summary>
internal static class SettingsCheck
{
    /// <summary>One finding or more.</summary>
    public static IReadOnlyList<Diagnostic> Run(DoctorSettings settings)
    {
        var (source, destination) = settings.Hosts;
        List<Diagnostic> findings =
        [
            new(
                DiagnosticLevel.Ok,
                "Settings credentials",
                $"{source.Host.Name} is read by {source.Settings.Credential}; "
                    + $"{destination.Host.Name} is written by {destination.Settings.Credential}."
            ),
        ];
        Warn(
            settings.Run.Mirror.Refs.Adopt,
            "adopt",
            $"adopt is on: repositories at {destination.Host.Name} that are no mirrors are overwritten in every run.",
            "Use it for one run with repositories naming what is to be adopted, and take it out again."
        );
        Warn(
            settings.Run.FailOn == FailOn.Never,
            "fail-on",
            "fail-on is never: a run in which every repository fails is shown as a success.",
            "Leave it out, or look at the output failed in a following step."
        );
        Warn(
            !settings.Run.Mirror.Refs.KeepOverwritten,
            "keep-overwritten",
            "keep-overwritten is off: what is rewritten or deleted at the source by mistake is lost in the mirror too.",
            "Leave it out; old values are then kept under refs/tags/mirror-kept/ for keep-days."
        );
        foreach (var address in settings.Run.AddressesFromFile)
        {
            findings.Add(
                new(
                    DiagnosticLevel.Warning,
                    $"Settings {address.Input}",
                    $"{address.Label} says where credentials are sent: {address.Url}. Whoever can change this file can have them sent elsewhere.",
                    $"Set {address.Input} in the workflow, or protect the file: CODEOWNERS and a rule for the branch that requires their review."
                )
            );
        }

        if (findings.Count == 1)
        {
            findings.Add(new(DiagnosticLevel.Ok, "Settings inputs", "None is unusual."));
        }

        return findings;

        void Warn(bool isSo, string input, string message, string cure)
        {
            if (isSo)
            {
                findings.Add(new(DiagnosticLevel.Warning, $"Settings {input}", message, cure));
            }
        }
    }
}
