using System.Buffers;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Packs;

/// <summary>
/// The bytes of an arriving pack as a file takes them: checked by <see cref="PackTrailerValidator"/> on the way, so that the checksum, which makes a
/// pack whole, comes last and only when it is right. Holds one packet at a time; does not own the session. Must be disposed.
/// </summary>
internal sealed class ValidatingPackReader(FetchSession session, Action<long>? progress) : IDisposable
{
    private readonly PackTrailerValidator _inspector = new(session.ObjectFormat, session.Peer);
    private readonly ArrayBufferWriter<byte> _output = new();

    /// <summary>The last bytes that were read were the checksum, and it was right.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>Bytes that arrived.</summary>
    internal long Length => _inspector.Length;

    /// <summary>The number of objects that the pack's header promises; null until the header is there.</summary>
    internal uint? ObjectCount => _inspector.ObjectCount;

    /// <summary>The next bytes, valid until the next call; empty at the end.</summary>
    /// <exception cref="GitException">The source failed, or this is no whole pack.</exception>
    internal async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        _output.ResetWrittenCount();
        try
        {
            while (!IsComplete && _output.WrittenCount == 0)
            {
                var bytes = await session.ReadAsync(cancellationToken);
                if (bytes.Length == 0)
                {
                    _inspector.Finish(_output);
                    IsComplete = true;
                }
                else
                {
                    _inspector.Inspect(bytes.Span, _output);
                    progress?.Invoke(bytes.Length);
                }
            }

            return _output.WrittenMemory;
        }
        catch (GitException e) when (e.In(GitService.UploadPack))
        {
            throw;
        }
    }

    public void Dispose() => _inspector.Dispose();
}
