using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>The refs of a server's list while it is read, within the bounds of what a peer can make us hold.</summary>
/// <remarks>
/// A mirror may have more of its own tips below <c>refs/tags/mirror-kept/</c> than any host has refs. The first of a list, which are the oldest, are
/// held like any ref; beyond them only those that someone needs. The others pass by and count for nothing.
/// </remarks>
/// <param name="peer">Who sends the list, for messages.</param>
/// <param name="needsTip">Whether one of the mirror's own tips is needed in any case; null for none.</param>
internal sealed class RefList(string peer, Func<RefName, bool>? needsTip = null)
{
    /// <summary>More refs than any host allows.</summary>
    internal const int MaxRefs = 1_000_000;

    /// <summary>The same bound in bytes: a million names of 64, or fewer and longer ones.</summary>
    internal const int MaxBytes = 128 << 20;

    /// <summary>Tips that are held whether they are needed or not: more than rewrites leave anywhere.</summary>
    internal const int MaxTips = 100_000;

    private readonly Dictionary<RefName, ObjectId> _refs = [];
    private int _lines;
    private int _bytes;
    private int _tips;

    /// <summary>What is held, by name.</summary>
    internal IReadOnlyDictionary<RefName, ObjectId> Refs => _refs;

    /// <summary>Takes a ref in, or lets it pass by.</summary>
    internal void Add(RefName name, ObjectId id, PktLine line)
    {
        if (name.Raw.StartsWith(RefPatternSet.KeptPrefix, StringComparison.Ordinal) && ++_tips > MaxTips && needsTip?.Invoke(name) != true)
        {
            return;
        }

        Count(line);
        _refs[name] = id;
    }

    /// <summary>Counts a line that is held, or of which there should be few.</summary>
    /// <exception cref="GitProtocolException">The list is longer than any repository's.</exception>
    internal void Count(PktLine line)
    {
        _bytes += line.Payload.Length;
        if (++_lines > MaxRefs || _bytes > MaxBytes)
        {
            throw new GitProtocolException(
                $"{peer} lists more than {MaxRefs} refs or {MaxBytes >> 20} MiB of them; that is more than this program takes in."
            );
        }
    }
}
