using ICSharpCode.SharpZipLib;
using Zlib = ICSharpCode.SharpZipLib.Zip.Compression.Inflater;

namespace MirrorAction.Git.Packs;

/// <summary>Inflates one zlib stream after another, and says where each ends.</summary>
/// <remarks>
/// RFC 1950. A pack is a row of zlib streams without their lengths, so the end of one is the start of the next. The runtime's own inflater takes all
/// it is given and does not tell how much of it belonged to its stream; SharpZipLib's does. Memory is the window of deflate and room for a part of
/// the output, whatever the stream promises. Throws <see cref="InvalidDataException"/>, whose message goes on from "object 3".
/// </remarks>
internal sealed class Inflater
{
    private readonly Zlib _zlib = new();
    private readonly byte[] _input = new byte[16 << 10];
    private readonly byte[] _output = new byte[64 << 10];
    private long _taken;

    /// <summary>The whole stream has been inflated and its checksum is right.</summary>
    internal bool IsDone => _zlib.IsFinished;

    /// <summary>Begins another stream.</summary>
    internal void Reset()
    {
        _zlib.Reset();
        _taken = 0;
    }

    /// <summary>Inflates a part of the stream. Neither input taken nor output made, before it is done, means that more input is needed.</summary>
    /// <param name="input">Bytes of the stream and what may be behind it.</param>
    /// <param name="isLast">There is no more input than this.</param>
    /// <param name="output">What came of it; valid until the next call.</param>
    /// <returns>How many bytes of the input belonged to the stream and need not be given again.</returns>
    internal int Inflate(ReadOnlySpan<byte> input, bool isLast, out ReadOnlySpan<byte> output)
    {
        try
        {
            // What the library holds and has not used is given again by the caller, who can't know which part of it belongs to the stream.
            var held = _zlib.RemainingInput;
            if (_zlib.IsNeedingInput && input.Length > held)
            {
                var count = Math.Min(input.Length - held, _input.Length);
                input.Slice(held, count).CopyTo(_input);
                _zlib.SetInput(_input, 0, count);
            }

            output = _output.AsSpan(0, _zlib.Inflate(_output, 0, _output.Length));
        }
        catch (Exception e) when (e is SharpZipBaseException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"has data that cannot be inflated ({e.Message})", e);
        }

        var taken = (int)(_zlib.TotalIn - _taken);
        _taken += taken;
        return taken > 0 || output.Length > 0 || IsDone || !isLast ? taken : throw new InvalidDataException("has data that ends too early");
    }
}
