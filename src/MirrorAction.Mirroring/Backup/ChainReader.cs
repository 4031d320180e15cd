using System.Security.Cryptography;
using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;

namespace MirrorAction.Mirroring.Backup;

/// <summary>
/// Reads the bundles of one chain, one after the other, as a restore would: every object of every pack, and every ref. Holds the files open and an
/// index of their packs, nothing else.
/// </summary>
/// <param name="folder">Where the files are.</param>
/// <param name="progress">Called for bytes that were read.</param>
internal sealed class ChainReader(string folder, Action<long>? progress) : IDisposable
{
    private readonly List<PackFile> _packs = [];
    private readonly List<FileStream> _files = [];
    private BundleHeader? _last;

    /// <summary>What the bundle says that was read last.</summary>
    internal BundleHeader Header => _last ?? throw new InvalidOperationException("No bundle was read.");

    /// <summary>The packs of the bundles that were read, in order.</summary>
    internal IReadOnlyList<PackFile> Packs => _packs;

    /// <summary>The length and the SHA-256 of a file.</summary>
    /// <exception cref="DamagedBundleException">It is missing, or the disk can't read it.</exception>
    internal async Task<(long Bytes, string Sha256)> HashAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var stream = Open(file);
            await using (stream)
            {
                var buffer = new byte[1 << 17];
                var bytes = 0L;
                while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
                {
                    hash.AppendData(buffer, 0, count);
                    bytes += count;
                    progress?.Invoke(count);
                }

                return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
            }
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw NotReadable(e);
        }
    }

    /// <summary>Reads the next bundle of the chain. After one that is damaged no other can follow.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="facts">Its length and SHA-256.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="DamagedBundleException">It is damaged, or does not follow the one before.</exception>
    internal async Task<BundleEntry> ReadAsync(string file, (long Bytes, string Sha256) facts, CancellationToken cancellationToken)
    {
        if (!BundleName.TryParse(file, out var kind, out var createdAt))
        {
            throw new DamagedBundleException("its name is not that of a bundle");
        }

        try
        {
            var stream = Open(file);
            _files.Add(stream);
            var header = await BundleFile.ReadHeaderAsync(stream, cancellationToken);
            CheckPlace(header, kind);
            var start = stream.Position;
            var index = PackIndex.Build(stream, header.ObjectFormat, _packs, cancellationToken);
            _packs.Add(new PackFile(stream, start, index));
            CheckRefs(header);
            _last = header;
            return new BundleEntry
            {
                File = file,
                Kind = kind,
                CreatedAt = createdAt,
                Bytes = facts.Bytes,
                Sha256 = facts.Sha256,
                Objects = index.Count,
                Refs = header.Refs.Count,
                Prerequisites = header.Prerequisites.Count,
            };
        }
        catch (GitException e)
        {
            throw new DamagedBundleException(e.Message.TrimEnd('.'));
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw NotReadable(e);
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static DamagedBundleException NotReadable(Exception e) =>
        new(e is FileNotFoundException or DirectoryNotFoundException ? "it is missing" : $"it can't be read: {e.Message}");

    private FileStream Open(string file) => new(Path.Combine(folder, file), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);

    private void CheckPlace(BundleHeader header, BundleKind kind)
    {
        if (kind == BundleKind.Full && header.Prerequisites.Count > 0)
        {
            throw new DamagedBundleException($"it is called full, but requires {header.Prerequisites[0]}");
        }

        if (kind == BundleKind.Incremental && _last is null)
        {
            throw new DamagedBundleException("there is no bundle before it that it could follow");
        }

        if (_last is not null && _last.ObjectFormat != header.ObjectFormat)
        {
            throw new DamagedBundleException(
                $"its objects are named by {header.ObjectFormat.WireName()}, those of the bundle before it by {_last.ObjectFormat.WireName()}"
            );
        }

        var known = _last?.Refs.Select(r => r.Id).ToHashSet() ?? [];
        foreach (var foreign in header.Prerequisites.Where(id => !known.Contains(id)).Take(1))
        {
            throw new DamagedBundleException($"it requires {foreign}, which is no ref of the bundle before it: it does not follow that one");
        }
    }

    private void CheckRefs(BundleHeader header)
    {
        foreach (var (name, id) in header.Refs)
        {
            if (!_packs.Exists(pack => pack.Index.Contains(id)))
            {
                throw new DamagedBundleException($"{name} is {id}, which is in no pack of the chain up to here");
            }
        }
    }
}

/// <summary>A bundle of a chain is not what it should be. The message says what is wrong, without the file's name.</summary>
internal sealed class DamagedBundleException(string message) : Exception(message)
{
    /// <summary>What to do about it, where that is not the usual.</summary>
    internal string? Hint { get; init; }
}
