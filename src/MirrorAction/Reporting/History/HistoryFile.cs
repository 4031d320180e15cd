using System.Text.Json;
using MirrorAction.Inputs;

namespace MirrorAction.Reporting.History;

/// <summary>
/// <c>history.jsonl</c>: a run a line, oldest first. Lines are appended, each in one write. Somebody may have edited the file, and a machine may have
/// lost its power in the middle of a line.
/// </summary>
internal static class HistoryFile
{
    /// <summary>The file's name in the folder of reports.</summary>
    public const string FileName = "history.jsonl";

    /// <summary>Five years of nightly runs.</summary>
    public const int MaxLines = 2_000;

    /// <summary>Of a larger file only the end is read.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const byte LineBreak = (byte)'\n';

    /// <summary>Reads what there is; no file is an empty history. Lines that can't be read are counted.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static RunHistory Read(string path)
    {
        if (!File.Exists(path))
        {
            return RunHistory.None;
        }

        using var file = OrdinaryFile.OpenRead(path);
        HistoryEntry?[] lines = [.. Lines(End(file)).Select(line => Parse(line.Span))];
        HistoryEntry[] entries = [.. lines.OfType<HistoryEntry>()];
        return new(entries, lines.Length - entries.Length);
    }

    /// <summary>
    /// Appends a run. What a broken-off write left is completed or taken away. A file that has become too long loses its oldest lines.
    /// </summary>
    /// <exception cref="IOException">It can't be written, or another run is writing it.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static void Append(string path, HistoryEntry entry)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, HistoryJsonContext.Default.HistoryEntry), LineBreak];
        ReadOnlyMemory<byte>[] kept;
        using (var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
        {
            if (!file.CanSeek)
            {
                throw new IOException($"{path} is a pipe or a device.");
            }

            var end = End(file);
            var torn = end.AsSpan(end.AsSpan().LastIndexOf(LineBreak) + 1);
            if (file.Length + line.Length <= MaxBytes && end.AsSpan().Count(LineBreak) < MaxLines)
            {
                AppendTo(file, line, torn);
                return;
            }

            kept = Newest(end, line.Length);
        }

        WholeFile.Write(
            path,
            file =>
            {
                foreach (var old in kept)
                {
                    file.Write(old.Span);
                    file.WriteByte(LineBreak);
                }

                file.Write(line);
            }
        );
    }

    private static void AppendTo(FileStream file, byte[] line, ReadOnlySpan<byte> torn)
    {
        if (torn.IsEmpty || Parse(torn) is not null)
        {
            file.Seek(0, SeekOrigin.End);
            file.Write(torn.IsEmpty ? line : [LineBreak, .. line]);
        }
        else
        {
            file.SetLength(file.Length - torn.Length);
            file.Seek(0, SeekOrigin.End);
            file.Write(line);
        }

        file.Flush(flushToDisk: true);
    }

    /// <summary>The newest lines that can be read, with room for a tenth more, so that not each run has to write the file anew.</summary>
    private static ReadOnlyMemory<byte>[] Newest(byte[] end, int room)
    {
        var left = (MaxBytes / 10 * 9) - room;
        return
        [
            .. Enumerable
                .Reverse(Lines(end))
                .Where(line => Parse(line.Span) is not null)
                .Take(MaxLines / 10 * 9)
                .TakeWhile(line => (left -= line.Length + 1) >= 0)
                .Reverse(),
        ];
    }

    private static byte[] End(Stream file)
    {
        var length = (int)Math.Min(file.Length, MaxBytes);
        file.Seek(-length, SeekOrigin.End);
        var bytes = new byte[length];
        return bytes[..file.ReadAtLeast(bytes, length, throwOnEndOfStream: false)];
    }

    private static List<ReadOnlyMemory<byte>> Lines(byte[] text)
    {
        List<ReadOnlyMemory<byte>> lines = [];
        for (var start = 0; start < text.Length; )
        {
            var length = text.AsSpan(start).IndexOf(LineBreak);
            length = length < 0 ? text.Length - start : length;
            if (!text.AsSpan(start, length).Trim(" \t\r"u8).IsEmpty)
            {
                lines.Add(text.AsMemory(start, length));
            }

            start += length + 1;
        }

        return lines;
    }

    /// <summary>The run of a line; null when it is none, or of a form that this version does not know.</summary>
    private static HistoryEntry? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var entry = JsonSerializer.Deserialize(line, HistoryJsonContext.Default.HistoryEntry);
            return entry is { SchemaVersion: 1, DurationMs: >= 0, Safe: >= 0, NotSafe: >= 0, NotLookedAt: >= 0 } ? Complete(entry) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The reader leaves null where the line has nothing, whatever the declared default is.</summary>
    private static HistoryEntry Complete(HistoryEntry entry) =>
        entry with
        {
            Source = entry.Source with { Owners = [.. entry.Source.Owners.OfType<string>()] },
            Repositories = [.. ((IReadOnlyList<HistoryRepository?>?)entry.Repositories ?? []).OfType<HistoryRepository>()],
        };
}

/// <summary>What is known of earlier runs, oldest first. Immutable.</summary>
/// <param name="Entries">The runs.</param>
/// <param name="Damaged">How many lines could not be read.</param>
internal sealed record RunHistory(IReadOnlyList<HistoryEntry> Entries, int Damaged)
{
    /// <summary>Nothing is known.</summary>
    public static RunHistory None { get; } = new([], 0);

    /// <summary>
    /// The history with one more run. A run that it has already, because the reports of its shards were joined again, is replaced.
    /// </summary>
    public RunHistory With(HistoryEntry entry) =>
        this with
        {
            Entries = [.. Entries.Where(other => other.StartedAt != entry.StartedAt || !other.IsLike(entry)), entry],
        };

    /// <summary>The runs of the same kind between the same sides.</summary>
    public IReadOnlyList<HistoryEntry> Like(HistoryEntry entry) => [.. Entries.Where(entry.IsLike)];

    /// <summary>The last run between the same sides that fits; null for none.</summary>
    public HistoryEntry? LastBetweenSidesOf(HistoryEntry entry, Func<HistoryEntry, bool> fits) =>
        Entries.LastOrDefault(other => entry.IsBetweenSidesOf(other) && fits(other));
}
