using System.Collections.Concurrent;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>Remembers everything that a run's user reads while it goes.</summary>
internal sealed class RecordingObserver : IRunObserver
{
    private readonly ConcurrentQueue<string> _said = [];
    private long _transferred;

    /// <summary>What was said, in its order.</summary>
    public IReadOnlyCollection<string> Said => _said;

    /// <summary>Bytes of packs.</summary>
    public long TransferredBytes => Interlocked.Read(ref _transferred);

    /// <summary>Takes a sentence of a host's client.</summary>
    public void Hear(string text) => _said.Enqueue(text);

    /// <summary>Forgets what was said.</summary>
    public void Clear() => _said.Clear();

    public void Selected(int selected, int leftOut, Shard? shard) { }

    public void Started(string source) { }

    public void Transferred(string source, long packBytes) => Interlocked.Add(ref _transferred, packBytes);

    public void Finished(int done, int total, RepositoryReport report, IReadOnlyList<RunMessage> log)
    {
        foreach (var message in log)
        {
            _said.Enqueue(message.Text);
        }
    }

    public void Log(RunMessage message) => _said.Enqueue(message.Text);

    public void AddSecret(string secret) { }
}
