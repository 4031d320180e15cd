using System.Globalization;
using System.Text;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.Secrets;

namespace MirrorAction.Terminal;

/// <summary>
/// The live line at the bottom of a terminal: <c>[######------]  50%  31/62  1 failed  2 min 5 s, 2 min left  12 MiB, 98 KiB/s  acme/website +6</c>.
/// Drawn at most ten times a second. The observer calls it under the console's lock, but for <see cref="Add"/>, which may be called by all transfers
/// at once.
/// </summary>
internal sealed class ProgressBar(RunConsole console, TimeProvider time, Func<int> width, bool hasColour)
{
    private const int Cells = 12;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Before, a rate says nothing.</summary>
    private static readonly TimeSpan s_leastForRate = TimeSpan.FromSeconds(1);

    private readonly List<string> _underWay = [];
    private long _beganAt;
    private long _drawnAt;
    private bool _wasDrawn;
    private int _done;
    private int _total;
    private int _failed;
    private long _bytes;

    /// <summary>The number of repositories is known.</summary>
    public void Begin(int total)
    {
        _total = total;
        _beganAt = time.GetTimestamp();
        Draw(atOnce: true);
    }

    /// <summary>Work on a repository begins.</summary>
    public void Start(string repository)
    {
        _underWay.Add(repository);
        Draw(atOnce: false);
    }

    /// <summary>Bytes went through. Takes no lock and allocates nothing.</summary>
    /// <returns>The line is due, and the caller is the one to <see cref="Refresh"/> it.</returns>
    public bool Add(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        var drawnAt = Interlocked.Read(ref _drawnAt);
        return time.GetElapsedTime(drawnAt) >= s_interval && Interlocked.CompareExchange(ref _drawnAt, time.GetTimestamp(), drawnAt) == drawnAt;
    }

    /// <summary>Draws the line anew.</summary>
    public void Refresh() => Draw(atOnce: true);

    /// <summary>A repository is done.</summary>
    public void Finish(int done, int total, RepositoryReport report)
    {
        _underWay.Remove(report.Source);
        _done = Math.Max(_done, done);
        _total = total;
        _failed += report.Status == RepositoryStatus.Failed ? 1 : 0;
        Draw(atOnce: _done == total);
    }

    /// <summary>Takes the line away.</summary>
    public void End() => console.ShowStatus("");

    private void Draw(bool atOnce)
    {
        if (_total > 0 && (atOnce || !_wasDrawn || time.GetElapsedTime(Interlocked.Read(ref _drawnAt)) >= s_interval))
        {
            Interlocked.Exchange(ref _drawnAt, time.GetTimestamp());
            _wasDrawn = true;
            console.ShowStatus(Render(width()));
        }
    }

    private string Failed => string.Create(CultureInfo.InvariantCulture, $"{_failed} failed");

    private string Render(int columns)
    {
        var filled = Math.Clamp((int)((long)_done * Cells / _total), 0, Cells);
        var elapsed = time.GetElapsedTime(_beganAt);
        var bytes = Interlocked.Read(ref _bytes);
        var line = new StringBuilder()
            .Append('[')
            .Append('#', filled)
            .Append('-', Cells - filled)
            .Append(CultureInfo.InvariantCulture, $"] {(long)_done * 100 / _total, 3}%  {_done}/{_total}");
        if (_failed > 0)
        {
            line.Append("  ").Append(Failed);
        }

        line.Append("  ").Append(Quantity.Duration((long)elapsed.TotalMilliseconds));
        if (_done > 0 && _done < _total)
        {
            // As if the rest took as long, each, as what is done.
            line.Append(", ").Append(Quantity.Duration((long)(elapsed.TotalMilliseconds / _done * (_total - _done)))).Append(" left");
        }

        line.Append("  ").Append(Quantity.Bytes(bytes));
        if (elapsed >= s_leastForRate)
        {
            line.Append(", ").Append(Quantity.Bytes((long)(bytes / elapsed.TotalSeconds))).Append("/s");
        }

        if (_underWay.Count > 0)
        {
            const int Named = 2;
            line.Append("  ").AppendJoin(", ", _underWay.Take(Named).Select(ForeignText.SafeLine));
            line.Append(_underWay.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" +{_underWay.Count - Named}") : "");
        }

        // The last column stays free: many terminals wrap as soon as it is written.
        var shown = line.Length < columns ? line.ToString() : line.ToString(0, Math.Max(columns - 1, 0));
        return hasColour && _failed > 0 ? shown.Replace(Failed, $"\u001b[31m{Failed}\u001b[0m", StringComparison.Ordinal) : shown;
    }
}
