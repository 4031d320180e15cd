using System.Collections.Concurrent;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>A repository on disk, built and inspected with the installed git.</summary>
public sealed class GitRepository
{
    private static readonly ConcurrentDictionary<(bool, string), string> s_empty = [];

    private readonly bool _bare;
    private int _tick;

    private GitRepository(string path, bool bare) => (Path, _bare) = (path, bare);

    /// <summary>The folder: of the repository itself when bare, else of the working copy.</summary>
    public string Path { get; }

    /// <summary>Creates an empty repository; HEAD is the unborn <c>refs/heads/main</c>.</summary>
    /// <param name="path">The folder, created when missing.</param>
    /// <param name="bare">Without a working copy, as servers keep them.</param>
    /// <param name="objectFormat"><c>sha1</c> or <c>sha256</c>.</param>
    /// <param name="shared">Readable and writable by every user of the machine.</param>
    public static GitRepository Init(string path, bool bare = true, string objectFormat = "sha1", bool shared = false)
    {
        if (shared)
            Run(path, bare, objectFormat, "--shared=0666");
        else
            FolderCopy.Copy(s_empty.GetOrAdd((bare, objectFormat), Made), path);
        return new GitRepository(path, bare);
    }

    /// <summary>A folder that git made so, copied from then on; gone with the tests.</summary>
    private static string Made((bool Bare, string ObjectFormat) form)
    {
        var folder = new TempFolder("mirror-empty-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        var path = folder[form.ObjectFormat];
        Run(path, form.Bare, form.ObjectFormat);
        return path;
    }

    private static void Run(string path, bool bare, string objectFormat, params string[] more)
    {
        Directory.CreateDirectory(path);
        RealGit.Run(path, ["init", "--quiet", "--template=", $"--object-format={objectFormat}", .. bare ? (string[])["--bare"] : [], .. more]);
    }

    /// <summary>Takes a repository that is there already.</summary>
    public static GitRepository Open(string path) => new(path, !Directory.Exists(System.IO.Path.Combine(path, ".git")));

    /// <summary>Clones from a URL or a path.</summary>
    public static async Task<GitRepository> CloneAsync(string url, string path, params string[] options)
    {
        await RealGit.RunAsync(System.IO.Path.GetTempPath(), ["clone", "--quiet", .. options, url, path]);
        return Open(path);
    }

    /// <summary>Runs git in this repository; see <see cref="RealGit.Run"/>.</summary>
    public string Git(params string[] arguments) => RealGit.Run(Path, arguments);

    /// <summary>As <see cref="Git"/>, for commands that talk to a server of this process.</summary>
    public Task<string> GitAsync(params string[] arguments) => RealGit.RunAsync(Path, arguments);

    /// <summary>Runs git in this repository and returns whatever came of it.</summary>
    public Task<GitOutcome> TryGitAsync(params string[] arguments) => RealGit.TryAsync(Path, arguments);

    /// <summary>Writes many objects and refs at once; call <see cref="FastImport.Complete"/> at the end.</summary>
    public FastImport Import() => new(this);

    /// <summary>Adds a commit with one changed file on top of a branch, which starts there when it does not exist; returns its id.</summary>
    public string Commit(string file, string content, string branch = "main", string? from = null)
    {
        from ??= Resolve(FastImport.FullName(branch));
        using var import = Import();
        var mark = import.Commit(branch, file, content, from);
        var id = import.Complete()[mark];
        if (!_bare)
            Git("reset", "--quiet", "--hard");
        return id;
    }

    /// <summary>Adds that many bytes which no pack can shrink, in files of 4 MiB, a commit each.</summary>
    public void FillWithNoise(long bytes, string branch = "main", ulong seed = 1)
    {
        const int file = 4 << 20;
        // Without these, serving the noise would spend minutes on looking for deltas in it.
        Configure("core.bigFileThreshold", "1m").Configure("core.compression", "0");
        using var import = Import();
        for (var done = 0L; done < bytes; done += file)
            import.CommitRandom(branch, $"noise-{seed}-{done / file}.bin", Math.Min(file, bytes - done), seed + (ulong)done);
        import.Complete();
    }

    /// <summary>Adds that many branches (<c>PREFIX00001</c> and on), all at the same commit; names may be of any depth.</summary>
    public void AddBranches(int count, string prefix = "branch-", string target = "refs/heads/main")
    {
        // Written as git writes packed refs, but for the promise that they are sorted: ten thousand files would take many seconds.
        var id = Git("rev-parse", "--verify", target);
        Git("pack-refs", "--all");
        var lines = Refs.Packed()
            .Where(line => !line.StartsWith('#'))
            .Concat(
                Enumerable
                    .Range(1, count)
                    .Select(i => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{id} refs/heads/{prefix}{i:00000}"))
            );
        File.WriteAllLines(System.IO.Path.Combine(GitFolder, "packed-refs"), [.. lines], Encoding.Latin1);
    }

    /// <summary>The id that a name stands for; null when there is none.</summary>
    public string? Resolve(string name) =>
        Find(name) ?? (RealGit.Try(Path, ["rev-parse", "--verify", "--quiet", name]) is { ExitCode: 0 } found ? found.Text : null);

    /// <summary>A branch or tag by one of the ways that git has to name it, in git's order; null where git has to be asked.</summary>
    private string? Find(string name) =>
        name.StartsWith("refs/", StringComparison.Ordinal) ? Refs.Find(name)
        : name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.') && name is not "HEAD" && !RefFiles.IsId(name)
            ? Refs.Find($"refs/tags/{name}") ?? Refs.Find($"refs/heads/{name}")
        : null;

    private string Existing(string name) => Resolve(name) ?? Git("rev-parse", "--verify", name);

    /// <summary>Creates or moves a branch, forwards or not.</summary>
    public void Branch(string name, string target = "HEAD") => UpdateRef($"refs/heads/{name}", Existing(target));

    /// <summary>Creates or moves a lightweight tag.</summary>
    public void Tag(string name, string target = "HEAD") => UpdateRef($"refs/tags/{name}", Existing(target));

    /// <summary>Creates or moves an annotated tag; returns the id of the tag object.</summary>
    public string TagAnnotated(string name, string target = "HEAD", string message = "A release")
    {
        Git("tag", "--force", "--annotate", "--message", message, name, target);
        return Existing($"refs/tags/{name}");
    }

    /// <summary>Moves a branch wherever it should be, as a forced push would.</summary>
    public void ResetHard(string branch, string target)
    {
        Branch(branch, target);
        if (!_bare)
            Git("reset", "--quiet", "--hard");
    }

    /// <summary>Deletes a branch, even the current one.</summary>
    public void DeleteBranch(string name) => Delete($"refs/heads/{name}");

    /// <summary>Deletes a tag.</summary>
    public void DeleteTag(string name) => Delete($"refs/tags/{name}");

    /// <summary>Sets a ref of this full name.</summary>
    public void UpdateRef(string name, string id)
    {
        if (!Refs.TryWrite(name, id))
            UpdateRef(Encoding.UTF8.GetBytes(name), id);
    }

    /// <summary>Sets a ref whose name is these bytes, in whatever encoding.</summary>
    public void UpdateRef(byte[] name, string id) =>
        RealGit.Try(Path, ["update-ref", "--stdin", "-z"], [.. "update "u8, .. name, 0, .. Encoding.ASCII.GetBytes(id), 0, 0]).EnsureSuccess();

    /// <summary>The branch that HEAD names, born or not.</summary>
    public string Head
    {
        // Hosts ask for it once a repository and listing: a file is quicker to read than a program to start.
        get => File.ReadAllText(System.IO.Path.Combine(GitFolder, "HEAD")).Trim()["ref: refs/heads/".Length..];
        set => WriteHead(Encoding.UTF8.GetBytes(value));
    }

    /// <summary>As <see cref="Head"/>, with one character per byte (Latin-1).</summary>
    public string RawHead
    {
        get => Encoding.Latin1.GetString(File.ReadAllBytes(System.IO.Path.Combine(GitFolder, "HEAD"))).Trim()["ref: refs/heads/".Length..];
        set => WriteHead(Encoding.Latin1.GetBytes(value));
    }

    /// <summary>In one step, as git does: without a HEAD that it can read a folder is no repository to whoever asks meanwhile.</summary>
    private void WriteHead(byte[] branch)
    {
        var file = System.IO.Path.Combine(GitFolder, "HEAD");
        var fresh = $"{file}.{Guid.NewGuid():N}";
        File.WriteAllBytes(fresh, [.. "ref: refs/heads/"u8, .. branch, (byte)'\n']);
        File.Move(fresh, file, overwrite: true);
    }

    /// <summary>All refs, by name with one character per byte (Latin-1), as the mirror keeps names too.</summary>
    /// <param name="patterns">Prefixes or globs of <c>git for-each-ref</c>; none for every ref.</param>
    public IReadOnlyDictionary<string, string> ForEachRef(params string[] patterns) =>
        patterns.All(pattern => pattern.StartsWith("refs/", StringComparison.Ordinal) && !pattern.AsSpan().ContainsAny("*?["))
        && Refs.All() is { } refs
            ? refs.Where(r => patterns.Length == 0 || patterns.Any(pattern => IsBelow(r.Key, pattern))).ToDictionary()
            : RealGit
                .Try(Path, ["for-each-ref", "--format=%(objectname) %(refname)", .. patterns])
                .EnsureSuccess()
                .Latin1.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .ToDictionary(
                    line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..],
                    line => line[..line.IndexOf(' ', StringComparison.Ordinal)]
                );

    /// <summary>Whether a ref of this full name is there.</summary>
    public bool HasRef(string name) =>
        File.Exists(System.IO.Path.Combine(GitFolder, name)) || Refs.Packed().Any(line => line.EndsWith(' ' + name, StringComparison.Ordinal));

    /// <summary>Whether there is any branch.</summary>
    public bool HasBranches() =>
        Directory.EnumerateFiles(System.IO.Path.Combine(GitFolder, "refs/heads"), "*", SearchOption.AllDirectories).Any()
        || Refs.Packed().Any(line => line.Contains(" refs/heads/", StringComparison.Ordinal));

    /// <summary>Branches and tags: what a mirror must have.</summary>
    public IReadOnlyDictionary<string, string> BranchesAndTags() => ForEachRef("refs/heads/", "refs/tags/");

    /// <summary>The number of objects that are there, reachable or not.</summary>
    public int CountObjects() =>
        Git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Checks every object and that nothing is missing.</summary>
    /// <exception cref="GitFailedException">The repository is damaged.</exception>
    public void Fsck() => Git("fsck", "--strict", "--full", "--no-dangling", "--no-progress");

    /// <summary>Sets a value in the repository's own configuration.</summary>
    public GitRepository Configure(string key, string value)
    {
        Git("config", key, value);
        return this;
    }

    /// <summary>Installs a hook, a shell script without its first line.</summary>
    public void Hook(string name, string script)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(GitFolder, "hooks")).FullName;
        var file = System.IO.Path.Combine(folder, name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
    }

    private void Delete(string name)
    {
        if (!Refs.TryDelete(name))
            Git("update-ref", "-d", name);
    }

    /// <summary>A pattern without a wildcard names a ref, or the folder it is in.</summary>
    private static bool IsBelow(string name, string pattern) =>
        name.StartsWith(pattern, StringComparison.Ordinal) && (pattern.EndsWith('/') || name.Length == pattern.Length || name[pattern.Length] == '/');

    private RefFiles Refs => new(GitFolder);

    private string GitFolder => _bare ? Path : System.IO.Path.Combine(Path, ".git");

    internal int NextTick() => Interlocked.Increment(ref _tick);
}
