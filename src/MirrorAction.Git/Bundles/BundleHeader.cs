using System.Buffers;
using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Git.Bundles;

/// <summary>What a bundle file says before its pack: which refs it brings, and what a repository must have to take them. Immutable.</summary>
public sealed record BundleHeader
{
    /// <summary>The hash that names the objects.</summary>
    public required ObjectFormat ObjectFormat { get; init; }

    /// <summary>
    /// Commits that must be there, with everything they reach, before the bundle can be fetched from; empty for a bundle that stands alone. Commits
    /// only, such as the tips of branches: of a tag object, or what a tag of a file points to, git says that the repository lacks it although it is
    /// there.
    /// </summary>
    public IReadOnlyList<ObjectId> Prerequisites { get; init; } = [];

    /// <summary>
    /// The refs, in the order of the file. <c>HEAD</c> may be one of them, the last: from it <c>git clone</c> learns the main branch.
    /// </summary>
    public required IReadOnlyList<Ref> Refs { get; init; }
}

/// <summary>A bundle that was written.</summary>
/// <param name="Bytes">The length of the file.</param>
/// <param name="Sha256">SHA-256 of the whole file, in lower-case hex digits.</param>
/// <param name="Objects">Objects in its pack.</param>
public sealed record BundleFacts(long Bytes, string Sha256, uint Objects);

/// <summary>The text at the start of a bundle.</summary>
/// <remarks>
/// gitformat-bundle:
/// <code>
/// header       = signature *capability *prerequisite *reference LF
/// signature    = "# v2 git bundle" LF / "# v3 git bundle" LF
/// capability   = "@object-format=" ("sha1" / "sha256") LF          ; version 3 only; "@filter=…" leaves objects out and is refused
/// prerequisite = "-" obj-id [SP comment] LF
/// reference    = obj-id SP refname LF
/// </code>
/// An instance reads one header, in parts as they come, an empty part being the end of the file. Throws <see cref="GitProtocolException"/>, which
/// names the line, on anything else.
/// </remarks>
internal sealed class BundleHeaderFormat
{
    private const string V2 = "# v2 git bundle";
    private const string V3 = "# v3 git bundle";

    /// <summary>An id, a blank and the longest name that a push could carry; comments are a commit's first line.</summary>
    private const int MaxLine = 65_536;

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly List<ObjectId> _prerequisites = [];
    private readonly List<Ref> _refs = [];
    private readonly HashSet<RefName> _names = [];
    private ObjectFormat _format = ObjectFormat.Sha1;
    private bool _isV3;
    private int _number;

    /// <summary>The empty line has been read.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>Bytes of the header so far; behind a complete one the pack begins.</summary>
    internal long Length { get; private set; }

    internal BundleHeader Result =>
        new()
        {
            ObjectFormat = _format,
            Prerequisites = _prerequisites,
            Refs = _refs,
        };

    internal static byte[] Write(BundleHeader header)
    {
        // Version 2 is what every git reads; it knows only SHA-1.
        var text = new StringBuilder();
        text.Append(header.ObjectFormat == ObjectFormat.Sha1 ? $"{V2}\n" : $"{V3}\n@object-format={header.ObjectFormat.WireName()}\n");
        foreach (var id in header.Prerequisites)
        {
            text.Append('-').Append(Checked(id, header.ObjectFormat)).Append(" \n");
        }

        foreach (var (name, id) in header.Refs)
        {
            text.Append(Checked(id, header.ObjectFormat))
                .Append(' ')
                .Append(
                    IsName(name)
                        ? name.Raw
                        : throw new GitProtocolException($"A bundle cannot hold a ref named '{name}': git does not accept such a name.")
                )
                .Append('\n');
        }

        return Encoding.Latin1.GetBytes(text.Append('\n').ToString());
    }

    /// <summary>Takes the next bytes of the file; what is behind the header is left alone.</summary>
    internal void Take(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
        {
            throw Broken("the file ends here, before the empty line that ends the header of a bundle");
        }

        while (bytes.Length > 0 && !IsComplete)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            if (_line.WrittenCount + part.Length > MaxLine)
            {
                throw Broken(_number == 0 ? $"'{V2}' or '{V3}' was expected; this is no bundle" : $"it is longer than {MaxLine} bytes");
            }

            _line.Write(part);
            Length += part.Length;
            bytes = bytes[part.Length..];
            if (end >= 0)
            {
                Length++;
                bytes = bytes[1..];
                TakeLine(_line.WrittenSpan);
                _number++;
                _line.ResetWrittenCount();
            }
        }
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        if (Length > RefList.MaxBytes || _number > RefList.MaxRefs)
        {
            throw Broken(
                $"the header has more than {RefList.MaxRefs} lines or {RefList.MaxBytes >> 20} MiB; that is more than this program takes in"
            );
        }

        if (_number == 0)
        {
            _isV3 = line.SequenceEqual(Encoding.ASCII.GetBytes(V3));
            _ =
                _isV3 || line.SequenceEqual(Encoding.ASCII.GetBytes(V2))
                    ? true
                    : throw Broken($"'{V2}' or '{V3}' was expected and {PktLine.Quote(line)} found");
        }
        else if (line.Length == 0)
        {
            IsComplete = true;
        }
        else if (line[0] == '@')
        {
            TakeCapability(line);
        }
        else if (line[0] == '-')
        {
            TakePrerequisite(line[1..]);
        }
        else
        {
            TakeRef(line);
        }
    }

    private void TakeCapability(ReadOnlySpan<byte> line)
    {
        if (!_isV3 || _prerequisites.Count > 0 || _refs.Count > 0)
        {
            throw Broken($"{PktLine.Quote(line)} is not expected here: capabilities are of version 3 and come right behind the first line");
        }

        _format = line switch
        {
            _ when line.SequenceEqual("@object-format=sha1"u8) => ObjectFormat.Sha1,
            _ when line.SequenceEqual("@object-format=sha256"u8) => ObjectFormat.Sha256,
            _ when line.StartsWith("@filter="u8) => throw Broken(
                $"{PktLine.Quote(line)} says that objects were left out of this bundle; make one without --filter"
            ),
            _ => throw Broken($"{PktLine.Quote(line)} asks for what this program does not know; only '@object-format' is supported"),
        };
    }

    private void TakePrerequisite(ReadOnlySpan<byte> line)
    {
        var blank = line.IndexOf((byte)' ');
        if (_refs.Count > 0 || !TryReadId(blank < 0 ? line : line[..blank], out var id))
        {
            throw Broken(
                $"{PktLine.Quote(line)} was found behind '-' where an object id of {_format.WireName()} was expected, and that before the first ref"
            );
        }

        _prerequisites.Add(id);
    }

    private void TakeRef(ReadOnlySpan<byte> line)
    {
        var blank = line.IndexOf((byte)' ');
        if (blank < 0 || !TryReadId(line[..blank], out var id) || RefName.FromBytes(line[(blank + 1)..]) is var name && !IsName(name))
        {
            throw Broken($"an object id of {_format.WireName()}, a blank and a ref name were expected and {PktLine.Quote(line)} found");
        }

        _refs.Add(_names.Add(name) ? new Ref(name, id) : throw Broken($"'{name}' is listed twice"));
    }

    private bool TryReadId(ReadOnlySpan<byte> hex, out ObjectId id) => ObjectId.TryParse(hex, out id) && id.Format == _format;

    private static bool IsName(RefName name) => name.Raw == "HEAD" || name.IsWellFormed;

    private static ObjectId Checked(ObjectId id, ObjectFormat format) =>
        id.Format == format
            ? id
            : throw new GitProtocolException($"An object id of {id.Format.WireName()} cannot be written into a bundle of {format.WireName()}.");

    private GitProtocolException Broken(string what) => new($"The bundle is damaged in line {_number + 1} of its header: {what}.");
}
