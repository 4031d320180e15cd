using System.Globalization;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Drill;

/// <summary>A folder of one drill, <c>mirror-drill-…</c> below a given one; gone with all that is in it on disposal.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string Prefix = "mirror-drill-";

    private readonly Action<RunMessage> _log;

    /// <summary>Makes the folder, after it has removed what a drill that was killed left there more than a day ago.</summary>
    /// <exception cref="MirrorException">It cannot be made.</exception>
    internal ScratchFolder(string parent, DateTimeOffset now, Action<RunMessage> log)
    {
        _log = log;
        Path = System.IO.Path.Combine(parent, Prefix + Guid.NewGuid().ToString("N"));
        try
        {
            foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "*").Where(f => IsOld(f, now)).ToArray())
            {
                Remove(folder);
            }

            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MirrorException(
                ErrorCode.Internal,
                $"The folder {Path} for the drill cannot be made: {e.Message}",
                "Give the drill a folder that it may write to, by the variable RUNNER_TEMP or TMPDIR."
            );
        }
    }

    /// <summary>The absolute path.</summary>
    internal string Path { get; }

    /// <summary>Where a repository of this name lies.</summary>
    internal string For(string slug) => System.IO.Path.Combine(Path, slug + ".git");

    /// <summary>Removes a folder of the drill; one that cannot be removed is told.</summary>
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

    private static bool IsOld(string folder, DateTimeOffset now) =>
        Guid.TryParseExact(System.IO.Path.GetFileName(folder)[Prefix.Length..], "N", out _)
        && now.UtcDateTime - Directory.GetLastWriteTimeUtc(folder) > TimeSpan.FromDays(1);

    /// <summary>How much of a repository has been written, for people.</summary>
    internal static string SizeOf(string folder)
    {
        var bytes = Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length) : 0;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB");
    }

    public void Dispose() => Remove(Path);
}
