using MirrorAction.Http;

namespace MirrorAction.Git.Protocol;

/// <summary>
/// Collects what a server wrote on band 2. Keeps the last <see cref="TextSanitizer.MaxRemote"/> bytes, since the reason for a refusal comes last.
/// </summary>
internal sealed class RemoteText
{
    private readonly byte[] _ring = new byte[TextSanitizer.MaxRemote];
    private long _written;

    /// <summary>Adds what came.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes.Length > _ring.Length ? bytes[^_ring.Length..] : bytes)
        {
            _ring[_written++ % _ring.Length] = b;
        }
    }

    /// <summary>What is kept, fit to be printed.</summary>
    public override string ToString()
    {
        if (_written <= _ring.Length)
        {
            return TextSanitizer.CleanEnd(_ring.AsSpan(0, (int)_written));
        }

        var split = (int)(_written % _ring.Length);
        return TextSanitizer.CleanEnd([.. _ring[split..], .. _ring[..split]]);
    }
}
