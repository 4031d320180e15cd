using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Packs;

/// <summary>Reads a pack to its end as it arrives, and keeps nothing of it: whether a host could give back what it has.</summary>
public static class PackCheck
{
    /// <summary>
    /// Reads the whole pack: every object is inflated to its promised size under zlib's checksum, every delta names a base that can be, the number of
    /// objects is the header's, and the pack's checksum is right. Deltas are not applied, so objects are not hashed. Memory does not grow with the
    /// pack.
    /// </summary>
    /// <param name="session">The pack; stays the caller's.</param>
    /// <param name="progress">Called for bytes that arrived.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="GitException">The source failed, or its pack is not right; the message names the object.</exception>
    public static Task<PackFacts> ReadAsync(FetchSession session, Action<long>? progress, CancellationToken cancellationToken) =>
        ScanAsync(session, new PlausibleBases(), progress, cancellationToken);

    /// <summary>Reads the whole pack past a visitor.</summary>
    /// <exception cref="GitException">The source failed, or its pack is not right; the message names the object.</exception>
    internal static async Task<PackFacts> ScanAsync(
        FetchSession session,
        IPackVisitor visitor,
        Action<long>? progress,
        CancellationToken cancellationToken
    )
    {
        using var pack = new ValidatingPackReader(session, progress);
        var scanner = new PackScanner($"The pack from {session.Peer}", session.ObjectFormat, visitor);
        try
        {
            var checksum = session.ObjectFormat.ByteLength();
            while (await pack.ReadAsync(cancellationToken) is { Length: > 0 } bytes)
            {
                // The checksum is held back to the end, and comes alone.
                scanner.Push(pack.IsComplete ? bytes.Span[..^checksum] : bytes.Span);
            }

            scanner.Finish();
        }
        catch (GitException e) when (e.In(GitService.UploadPack))
        {
            throw;
        }

        return new PackFacts(pack.ObjectCount ?? 0, pack.Length);
    }

    /// <summary>Reads the number of objects out of the pack's header and no further; dispose the session afterwards.</summary>
    /// <param name="session">The pack; stays the caller's, and is of no other use.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="GitException">The source failed, or sent no pack.</exception>
    public static async Task<uint> ReadObjectCountAsync(FetchSession session, CancellationToken cancellationToken)
    {
        using var pack = new ValidatingPackReader(session, progress: null);
        while (pack.ObjectCount is null && await pack.ReadAsync(cancellationToken) is { Length: > 0 }) { }

        return pack.ObjectCount ?? 0;
    }

    /// <summary>
    /// Holds that the base of a delta is an object before it. Where the last objects began is remembered: git looks for bases among the objects
    /// nearby. Of one further back only that it lies within the pack is held.
    /// </summary>
    private sealed class PlausibleBases : IPackVisitor
    {
        private const int Remembered = 32 << 10;

        private long[] _offsets = new long[64];
        private int _count;

        public void Begin(long offset, in PackEntryHead head)
        {
            if (head.Type == PackObjectType.OfsDelta)
            {
                var at = offset - head.BaseDistance;
                var known = _offsets.AsSpan(0, _count);
                if (at < PackTrailerValidator.HeaderLength || ((known.Length == 0 || at >= known[0]) && known.BinarySearch(at) < 0))
                {
                    throw new InvalidDataException($"is a delta whose base would begin at byte {at}, where no object begins");
                }
            }

            if (_count == Remembered)
            {
                // The newer half; moving it now and then is cheaper than a ring that can't be searched as it stands.
                _offsets.AsSpan(Remembered / 2).CopyTo(_offsets);
                _count = Remembered / 2;
            }
            else if (_count == _offsets.Length)
            {
                Array.Resize(ref _offsets, _count * 2);
            }

            _offsets[_count++] = offset;
        }

        public void Raw(ReadOnlySpan<byte> bytes) { }

        public void Data(ReadOnlySpan<byte> bytes) { }

        public void End() { }
    }
}

/// <summary>A pack that was read.</summary>
/// <param name="Objects">Its objects.</param>
/// <param name="Bytes">Its length, header and checksum included.</param>
public sealed record PackFacts(uint Objects, long Bytes);
