using System.Globalization;
using LibGit2Sharp;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Reports;
using ObjectId = MirrorAction.Git.Model.ObjectId;

namespace MirrorAction.Mirroring.Proof;

/// <summary>
/// Has libgit2 read a repository that this program wrote: its refs are those that were written, and every object that they reach is there. Shares no
/// code with the reader that was first, which indexes what arrives and follows no link from one object to another. Serves one repository, which may
/// grow between two readings; what was walked is not walked again.
/// </summary>
/// <param name="folder">A bare repository of SHA-1. Its packs were read by this program before, to the last object.</param>
/// <param name="isKnown">Whether the first reader has seen an object.</param>
/// <param name="time">The clock.</param>
internal sealed class SecondReader(string folder, Func<ObjectId, bool> isKnown, TimeProvider time)
{
    /// <summary>libgit2's limit for a ref's name is 1,024 bytes with the zero at its end; git has no such limit.</summary>
    private const int MaxNameBytes = 1_000;

    /// <summary>Each walk keeps a processor busy and holds the names of all objects, so more of them than processors are no quicker.</summary>
    private static readonly SemaphoreSlim s_turns = new(Environment.ProcessorCount);

    private readonly HistoryWalk _walk = new(isKnown);
    private TimeSpan _elapsed;

    /// <summary>What was read so far.</summary>
    internal SecondReading Reading => new(LibGit2.Load(), _walk.Count, (long)_elapsed.TotalMilliseconds);

    /// <summary>Why it reads no repository of this format; null when it does.</summary>
    internal static string? Refuses(ObjectFormat format) =>
        format == ObjectFormat.Sha1
            ? null
            : $"Its objects are named by {format.WireName()}, which {LibGit2.Load()} cannot read: "
                + "only MirrorAction's own checks were made, and no second reader has walked the history.";

    /// <summary>The reading in a sentence, for the log.</summary>
    internal static string Describe(SecondReading reading) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{reading.Reader} has read it too: every one of the {reading.Objects} objects "
                + $"that the refs reach is there (walked in {reading.DurationMs / 1000.0:0.0} s)"
        );

    /// <summary>Reads on a thread of its own: libgit2 knows no waiting but by blocking.</summary>
    /// <param name="refs">What has to be there, and nothing else. <c>HEAD</c> is walked and not compared.</param>
    /// <param name="cancellationToken">Ends the walk between two objects.</param>
    /// <exception cref="ReadersDisagreeException">libgit2 finds other refs, lacks an object, or cannot read one.</exception>
    /// <exception cref="MirrorException">libgit2 cannot be loaded.</exception>
    internal async Task ReadAsync(IReadOnlyList<Ref> refs, CancellationToken cancellationToken)
    {
        var name = LibGit2.Load();
        await s_turns.WaitAsync(cancellationToken);
        try
        {
            var startedAt = time.GetTimestamp();
            var problem = await Task.Run(() => FindProblem(refs, cancellationToken), cancellationToken);
            _elapsed += time.GetElapsedTime(startedAt);
            if (problem is not null)
            {
                throw new ReadersDisagreeException(
                    "The two readers disagree. MirrorAction's own: every object that is there is whole "
                        + $"and has the right name, and each ref's object is among them. {name}: {problem}."
                );
            }
        }
        finally
        {
            s_turns.Release();
        }
    }

    private string? FindProblem(IReadOnlyList<Ref> refs, CancellationToken cancellationToken)
    {
        try
        {
            using var repository = new Repository(folder);
            return Compare(repository, refs, cancellationToken) ?? _walk.Run(repository, refs, cancellationToken);
        }
        catch (LibGit2SharpException e)
        {
            return $"the repository cannot be read: {HistoryWalk.OneLine(e.Message)}";
        }
    }

    /// <summary>
    /// Every ref has its value, and there are no others. A name that is not UTF-8, or longer than libgit2 takes, cannot be asked for; of those only
    /// the value is walked.
    /// </summary>
    private static string? Compare(Repository repository, IReadOnlyList<Ref> refs, CancellationToken cancellationToken)
    {
        var asked = 0;
        var written = 0;
        foreach (var (name, id) in refs.Where(r => r.Name.Raw != "HEAD"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            written++;
            if (name.ByteLength > MaxNameBytes || name.Text is not { } text)
            {
                continue;
            }

            asked++;
            var found = repository.Refs[text]?.TargetIdentifier;
            if (found != id.ToString())
            {
                return $"the ref '{name}' is {found ?? "missing"}, and {id} was written";
            }
        }

        // A name that cannot be asked for ends the listing.
        var listed = asked == written ? repository.Refs.Count() : written;
        return listed == written
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the repository has {listed} refs, and {written} were written");
    }
}

/// <summary>A repository that this program's own reader has found whole, and the second one has not. The message has both verdicts.</summary>
internal sealed class ReadersDisagreeException(string message) : Exception(message)
{
    /// <summary>What to do, behind whatever is to be done about the repository's source.</summary>
    internal const string Hint =
        "Ask a third reader: 'git clone --mirror' it and run 'git fsck --full' there. If "
        + "git finds it whole, this is a fault of MirrorAction or of libgit2; please report it.";
}

/// <summary>The native library, set up once for the whole process so that nothing but the repository at hand is read.</summary>
internal static class LibGit2
{
    private static readonly Lazy<string> s_name = new(SetUp);

    /// <summary>Loads the library and gives its name and version, as a report has it.</summary>
    /// <exception cref="MirrorException">It is not beside the program, or a library that it needs is not on the system.</exception>
    internal static string Load()
    {
        try
        {
            return s_name.Value;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new MirrorException(
                ErrorCode.Internal,
                $"libgit2, the second reader, cannot be loaded: {(e.InnerException ?? e).Message}",
                "Keep the file libgit2-….so (.dylib, .dll) beside the program; on Linux it needs glibc, libssl and libcrypto."
            );
        }
    }

    private static string SetUp()
    {
        // The files of the machine and of its user could change what is read, or name programs; a repository of this program names none.
        foreach (
            var level in (ConfigurationLevel[])
                [ConfigurationLevel.ProgramData, ConfigurationLevel.System, ConfigurationLevel.Xdg, ConfigurationLevel.Global]
        )
        {
            GlobalSettings.SetConfigSearchPaths(level, []);
        }

        // In a container the folder of temporary files may belong to someone else. What lies in ours is what this program wrote.
        GlobalSettings.SetOwnerValidation(false);

        // Each object is needed once. Kept, the small ones would take up to 256 MiB, and the walk would be no quicker.
        GlobalSettings.SetEnableCaching(false);

        // Whatever is read as commit, tree or tag is hashed and its name compared.
        GlobalSettings.SetStrictHashVerification(true);
        return $"libgit2 (LibGit2Sharp {GlobalSettings.Version.InformationalVersion.Split('+')[0]})";
    }
}
