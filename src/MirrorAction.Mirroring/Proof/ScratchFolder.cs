using System.Globalization;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Proof;

/// <summary>
/// A folder for repositories that lie there for a moment, <c>mirror-drill-…</c> or <c>mirror-check-…</c> below a given one; gone with all that is in
/// it on disposal.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly string _prefix;
    private readonly Action<RunMessage> _log;

    /// <summary>Makes the folder, after it has removed what a run of its kind that was killed left there more than a day ago.</summary>
    /// <param name="kind">What it is for, in one word for people: <c>drill</c> or <c>check</c>.</param>
    /// <param name="parent">An existing folder.</param>
    /// <param name="now">The time.</param>
    /// <param name="log">Called for what cannot be removed.</param>
    /// <exception cref="MirrorException">It cannot be made.</exception>
    internal ScratchFolder(string kind, string parent, DateTimeOffset now, Action<RunMessage> log)
    {
        _prefix = $"mirror-{kind}-";
        _log = log;
        Path = System.IO.Path.Combine(parent, _prefix + Guid.NewGuid().ToString("N"));
        try
        {
            foreach (var folder in Directory.EnumerateDirectories(parent, _prefix + "*").Where(f => IsOld(f, now)).ToArray())
            {
                Remove(folder);
            }

            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MirrorException(
                ErrorCode.Internal,
                $"The folder {Path} for the {kind} cannot be made: {e.Message}",
                $"Give the {kind} a folder that it may write to, by the variable RUNNER_TEMP or TMPDIR."
            );
        }
    }

    /// <summary>The absolute path.</summary>
    internal string Path { get; }

    /// <summary>Where a repository of this name lies.</summary>
    internal string For(string slug) => System.IO.Path.Combine(Path, slug + ".git");

    /// <summary>Removes a folder in it; one that cannot be removed is told.</summary>
    internal void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log(new RunMessage(MessageLevel.Warning, $"{folder} could not be removed: {e.Message}"));
        }
    }

    private bool IsOld(string folder, DateTimeOffset now) =>
        Guid.TryParseExact(System.IO.Path.GetFileName(folder)[_prefix.Length..], "N", out _)
        && now.UtcDateTime - Directory.GetLastWriteTimeUtc(folder) > TimeSpan.FromDays(1);

    /// <summary>How much of a repository has been written, for people.</summary>
    internal static string SizeOf(string folder)
    {
        var bytes = Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length) : 0;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB");
    }

    public void Dispose() => Remove(Path);
}
