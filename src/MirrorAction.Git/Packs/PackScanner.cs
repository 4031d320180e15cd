using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Git.Packs;

/// <summary>What is told of a pack while it is scanned.</summary>
internal interface IPackVisitor
{
    /// <summary>An object begins. May throw <see cref="InvalidDataException"/>.</summary>
    void Begin(long offset, in PackEntryHead head);

    /// <summary>The next bytes of the object as they stand in the pack, its head included.</summary>
    void Raw(ReadOnlySpan<byte> bytes);

    /// <summary>The next bytes of its data, inflated.</summary>
    void Data(ReadOnlySpan<byte> bytes);

    /// <summary>The object is whole.</summary>
    void End();
}

/// <summary>Reads a pack, without its checksum, in parts of any size: every object is inflated to its promised size, and none of it kept.</summary>
/// <remarks>
/// gitformat-pack: <code>"PACK" version(4) object-count(4) *entry</code> Throws <see cref="GitProtocolException"/> that names the object, its offset
/// and what is wrong.
/// </remarks>
/// <param name="pack">What the messages begin with, such as "The pack from github.com".</param>
/// <param name="format">The hash that names its objects.</param>
/// <param name="visitor">Called for everything.</param>
internal sealed class PackScanner(string pack, ObjectFormat format, IPackVisitor visitor)
{
    private readonly byte[] _buffer = new byte[64 << 10];
    private readonly Inflater _inflater = new();
    private int _start;
    private int _end;
    private PackEntryHead _head;
    private bool _isInside;
    private long _inflated;
    private uint _number;
    private long _offset;
    private long _position;

    /// <summary>The number of objects that the header promises; null until it has been read.</summary>
    internal uint? ObjectCount { get; private set; }

    private ReadOnlySpan<byte> Left => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Takes the next bytes.</summary>
    internal void Push(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            Left.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var part = Math.Min(bytes.Length, _buffer.Length - _end);
            bytes[..part].CopyTo(_buffer.AsSpan(_end));
            _end += part;
            bytes = bytes[part..];
            Scan(isLast: false);
        }
    }

    /// <summary>Makes sure that every object was there and whole.</summary>
    internal void Finish() => Scan(isLast: true);

    private void Scan(bool isLast)
    {
        try
        {
            while (Advance(isLast)) { }
        }
        catch (InvalidDataException e)
        {
            throw new GitProtocolException($"{pack} is damaged: object {_number + 1} of {ObjectCount}, at byte {_offset}, {e.Message}.");
        }
    }

    private bool Advance(bool isLast)
    {
        if (ObjectCount is not { } count)
        {
            return ReadHeader(isLast);
        }

        if (_isInside)
        {
            return Inflate(isLast);
        }

        if (_number == count)
        {
            return Left.Length == 0
                ? false
                : throw new GitProtocolException(
                    $"{pack} is damaged: at byte {_position}, behind the last of its {count} objects, its checksum was expected and more data found."
                );
        }

        _offset = _position;
        if (!PackEntryHead.TryRead(Left, format, out _head))
        {
            return isLast ? throw new InvalidDataException("is missing: the pack ends there") : false;
        }

        visitor.Begin(_offset, _head);
        Pass(_head.Length);
        _inflater.Reset();
        (_isInside, _inflated) = (true, 0);
        return true;
    }

    private bool Inflate(bool isLast)
    {
        var taken = _inflater.Inflate(Left, isLast, out var data);
        _inflated += data.Length;
        if (_inflated > _head.Size || (_inflater.IsDone && _inflated < _head.Size))
        {
            throw new InvalidDataException($"promises {_head.Size} bytes and inflates to {(_inflater.IsDone ? _inflated : "more")}");
        }

        Pass(taken);
        visitor.Data(data);
        if (!_inflater.IsDone)
        {
            return taken > 0 || data.Length > 0;
        }

        visitor.End();
        _number++;
        _isInside = false;
        return true;
    }

    private bool ReadHeader(bool isLast)
    {
        if (Left.Length < PackTrailerValidator.HeaderLength)
        {
            return isLast ? throw new GitProtocolException($"{pack} is damaged: it ends after {_end} bytes, within its header.") : false;
        }

        ObjectCount =
            PackTrailerValidator.ReadCount(Left[..PackTrailerValidator.HeaderLength])
            ?? throw new GitProtocolException(
                $"{pack} is none: it begins with {PktLine.Quote(Left[..PackTrailerValidator.HeaderLength])}, "
                    + "where 'PACK' and version 2 or 3 were expected."
            );
        _start += PackTrailerValidator.HeaderLength;
        _position += PackTrailerValidator.HeaderLength;
        return true;
    }

    private void Pass(int count)
    {
        visitor.Raw(Left[..count]);
        _start += count;
        _position += count;
    }
}
