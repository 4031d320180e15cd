using System.Diagnostics;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>
/// Writes commits, blobs, refs and tags into a repository through one <c>git fast-import</c>: thousands of them in a fraction of a second,
/// gigabytes without holding them in memory.
/// </summary>
/// <remarks>
/// Ids are the same on every run: authors are fixed and each commit is a minute younger than the one written before it.
/// A mark is the number by which later lines of the same import refer to an object; an id of the repository may be given in its place.
/// Nothing is in the repository before <see cref="Complete"/>.
/// </remarks>
public sealed class FastImport : IDisposable
{
    private const string Author = "Acme <acme@example.com>";

    private readonly GitRepository _repository;
    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly BufferedStream _stream;
    private readonly string _marksFile = Path.Combine(Path.GetTempPath(), $"mirror-marks-{Guid.NewGuid():N}");
    private int _mark;

    internal FastImport(GitRepository repository)
    {
        _repository = repository;
        string[] arguments = ["fast-import", "--quiet", "--force", "--date-format=raw", $"--export-marks={_marksFile}"];
        var start = RealGit.StartInfo(repository.Path, arguments, [new("core.bigFileThreshold", "1m"), new("core.compression", "1")]);
        start.RedirectStandardOutput = false;
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
        _stream = new BufferedStream(_process.StandardInput.BaseStream, 1 << 18);
    }

    /// <summary>Adds a commit to a branch (or any ref); returns its mark.</summary>
    /// <param name="branch"><c>main</c>, or a full name under <c>refs/</c>.</param>
    /// <param name="message">The message.</param>
    /// <param name="files">What changes: path and new content, null to delete the file.</param>
    /// <param name="from">The parent (mark as <c>:5</c>, id or ref); null continues the branch as this import knows it.</param>
    /// <param name="merge">A second parent.</param>
    public int Commit(string branch, string message, IEnumerable<KeyValuePair<string, byte[]?>> files, string? from = null, string? merge = null)
    {
        Line($"commit {FullName(branch)}");
        Line($"mark :{++_mark}");
        Line($"committer {Author} {RealGit.Epoch + (60 * _repository.NextTick())} +0000");
        Data(Encoding.UTF8.GetBytes(message));
        if (from is not null)
            Line($"from {from}");
        if (merge is not null)
            Line($"merge {merge}");

        foreach (var (path, content) in files)
        {
            if (content is null)
            {
                Line($"D {path}");
                continue;
            }

            Line($"M 100644 inline {path}");
            Data(content);
        }

        Line("");
        return _mark;
    }

    /// <summary>Adds a commit that changes one text file.</summary>
    public int Commit(string branch, string file, string content, string? from = null) =>
        Commit(branch, $"Change {file}\n", [new(file, Encoding.UTF8.GetBytes(content))], from);

    /// <summary>Adds a commit with one file of incompressible bytes, written piece by piece.</summary>
    public int CommitRandom(string branch, string file, long size, ulong seed)
    {
        Line("blob");
        Line($"mark :{++_mark}");
        Line($"data {size}");
        var random = new RandomBytes(seed);
        var buffer = new byte[1 << 16];
        for (var left = size; left > 0; left -= buffer.Length)
        {
            random.Fill(buffer);
            _stream.Write(buffer, 0, (int)Math.Min(left, buffer.Length));
        }

        Line("");
        var blob = _mark;
        Line($"commit {FullName(branch)}");
        Line($"mark :{++_mark}");
        Line($"committer {Author} {RealGit.Epoch + (60 * _repository.NextTick())} +0000");
        Data(Encoding.UTF8.GetBytes($"Add {file}\n"));
        Line($"M 100644 :{blob} {file}");
        Line("");
        return _mark;
    }

    /// <summary>Points a ref at a commit: a mark (<c>:5</c>), an id or a ref.</summary>
    public void Reset(string name, string target) => Reset(Encoding.UTF8.GetBytes(FullName(name)), target);

    /// <summary>Points a ref at a commit; the name is taken byte for byte.</summary>
    public void Reset(byte[] fullName, string target)
    {
        _stream.Write("reset "u8);
        _stream.Write(fullName);
        Line("");
        Line($"from {target}");
        Line("");
    }

    /// <summary>Makes an annotated tag.</summary>
    public void Tag(string name, string target, string message)
    {
        Line($"tag {name}");
        Line($"from {target}");
        Line($"tagger {Author} {RealGit.Epoch + (60 * _repository.NextTick())} +0000");
        Data(Encoding.UTF8.GetBytes(message));
    }

    /// <summary>Waits until git has written everything; returns the ids of all marks.</summary>
    /// <exception cref="GitFailedException">git refused the stream.</exception>
    public IReadOnlyDictionary<int, string> Complete()
    {
        try
        {
            Line("done");
            _stream.Flush();
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // git gave up early; its exit code and its error text follow.
        }

        var error = _error.GetAwaiter().GetResult();
        _process.WaitForExit();
        new GitOutcome(["fast-import"], _process.ExitCode, [], error).EnsureSuccess();
        var marks = File.Exists(_marksFile) ? File.ReadAllLines(_marksFile) : [];
        return marks
            .Select(line => line[1..].Split(' '))
            .ToDictionary(parts => int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), parts => parts[1]);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        File.Delete(_marksFile);
    }

    internal static string FullName(string name) => name.StartsWith("refs/", StringComparison.Ordinal) ? name : $"refs/heads/{name}";

    private void Line(string text)
    {
        _stream.Write(Encoding.UTF8.GetBytes(text));
        _stream.WriteByte((byte)'\n');
    }

    private void Data(byte[] content)
    {
        Line($"data {content.Length}");
        _stream.Write(content);
        _stream.WriteByte((byte)'\n');
    }
}
