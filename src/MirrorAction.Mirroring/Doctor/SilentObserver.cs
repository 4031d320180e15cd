using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Doctor;

/// <summary>Hears nothing, because what a check does on the way is not what its user asked about; only secrets are handed on, to be hidden.</summary>
internal sealed class SilentObserver(IRunObserver inner) : IRunObserver
{
    public void Selected(int selected, int leftOut, Shard? shard) { }

    public void Started(string source) { }

    public void Transferred(string source, long packBytes) { }

    public void Finished(int done, int total, RepositoryReport report, IReadOnlyList<RunMessage> log) { }

    public void Log(RunMessage message) { }

    public void AddSecret(string secret) => inner.AddSecret(secret);
}
