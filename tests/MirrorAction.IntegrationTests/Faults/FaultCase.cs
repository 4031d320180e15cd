using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>What a fault that happens once amounts to.</summary>
public enum Verdict
{
    /// <summary>Nobody notices.</summary>
    Harmless,

    /// <summary>Tried again, and it works.</summary>
    Passing,

    /// <summary>Trying again would not help, so that it is not tried.</summary>
    Lasting,
}

/// <summary>A fault as the matrix knows it.</summary>
/// <param name="Name">For the list of cells.</param>
/// <param name="Fault">What goes wrong.</param>
/// <param name="Rest">What it is to a REST call.</param>
/// <param name="Git">What it is to git.</param>
/// <param name="Codes">The codes by which a user may be told.</param>
public sealed record FaultCase(string Name, Fault Fault, Verdict Rest, Verdict Git, params ErrorCode[] Codes)
{
    /// <summary>Its proof takes a silence.</summary>
    public bool IsStall => Fault is WireFault { Ending: FaultEnding.Stall };

    /// <summary>It is about what comes after a pack's header.</summary>
    private bool IsInsideThePack =>
        Name is "band 3 in the pack" or "pack's checksum wrong" or "half a pack" or "bad packet length" or "gzip cut short";

    /// <summary>The server has done what it was asked, and only its answer is lost or damaged.</summary>
    internal bool IsAfterTheWork => Fault is WireFault { Direction: FaultDirection.Down } or RewriteFault or AnswerFault { IsServed: true };

    /// <summary>What it is to a stage: some know another way, or can do without.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="isBitbucket">Whose it is: Bitbucket's REST is asked once more after a 401.</param>
    internal Verdict At(Stage stage, bool isBitbucket) =>
        (stage.IsRest() ? Rest : Git) switch
        {
            _ when stage.IsLfs() => AtLfs(stage),
            _ when stage == Stage.PackHeader && IsInsideThePack => Verdict.Harmless,

            // What is not answered stays open; and what the refs say counts more than what was said of them.
            _ when stage == Stage.Origins => Verdict.Harmless,
            Verdict.Lasting when stage == Stage.Keep && IsAfterTheWork => Verdict.Harmless,

            // What is there under its name says that the answer meant yes.
            Verdict.Lasting when stage is Stage.Create or Stage.Rename && IsAfterTheWork => Verdict.Harmless,

            // Told to come another time, they come again as to any refusal of their kind.
            Verdict.Lasting when stage == Stage.Ancestry => Verdict.Harmless,
            Verdict.Lasting when stage is Stage.LsRefs or Stage.MirrorRefs or Stage.WikiRefs && !Name.StartsWith("40", StringComparison.Ordinal) =>
                Verdict.Harmless,
            Verdict.Lasting when stage.IsRest() && isBitbucket && Name.StartsWith("401", StringComparison.Ordinal) => Verdict.Passing,
            var verdict => verdict,
        };

    /// <summary>Links may have ended, and are asked for again; what the source does not have is a warning.</summary>
    private Verdict AtLfs(Stage stage) =>
        Name switch
        {
            "404" when stage is Stage.LfsDownloadBatch or Stage.LfsDownload => Verdict.Harmless,
            "401" or "403" when !stage.IsLfsBatch() => Verdict.Passing,
            "longer than it is" when stage == Stage.LfsDownload => Verdict.Lasting,
            "gzip cut short" when stage == Stage.LfsVerify => Verdict.Harmless,
            _ => Rest,
        };

    public override string ToString() => Name;
}
