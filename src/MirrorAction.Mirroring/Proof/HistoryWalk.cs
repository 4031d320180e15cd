using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using LibGit2Sharp;
using MirrorAction.Git.Model;
using LibId = LibGit2Sharp.ObjectId;
using ObjectId = MirrorAction.Git.Model.ObjectId;

namespace MirrorAction.Mirroring.Proof;

/// <summary>
/// Goes from refs to everything that they reach: tags to what they are about, commits to their parents and trees, trees to trees and files. Commits,
/// trees and tags are read, files looked up by name and kind. Submodules are commits of other repositories and not looked for.
/// </summary>
/// <remarks>
/// The way is kept on a stack of its own, so that no history is too long for it. Memory: some forty bytes for each object, which it is known by to
/// have been met; libgit2 keeps no objects, but maps packs into memory.
/// </remarks>
internal sealed class HistoryWalk(Func<ObjectId, bool> isKnown)
{
    /// <summary>So many objects are named; of the others only the number is told.</summary>
    private const int Named = 3;

    private readonly Dictionary<Key, ObjectType?> _met = [];
    private readonly Stack<Waiting> _waiting = new();
    private readonly List<string> _problems = [];
    private int _count;

    /// <summary>Objects that were met, each once.</summary>
    internal int Count => _met.Count;

    /// <summary>Walks, and says what is wrong; null when nothing is.</summary>
    internal string? Run(Repository repository, IEnumerable<Ref> roots, CancellationToken cancellationToken)
    {
        foreach (var (name, id) in roots)
        {
            var bytes = new byte[20];
            id.CopyTo(bytes);
            Meet(new LibId(bytes), null, $"'{name}'");
            while (_waiting.TryPop(out var next))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Visit(repository, next, cancellationToken);
            }
        }

        var more = _count - _problems.Count;
        return _count == 0 ? null
            : more == 0 ? string.Join("; ", _problems)
            : string.Create(CultureInfo.InvariantCulture, $"{string.Join("; ", _problems)}; and {more} more");
    }

    /// <summary>Text of a library, as a part of a message.</summary>
    internal static string OneLine(string text) => new([.. text.Take(300).Select(c => char.IsControl(c) ? ' ' : c)]);

    private void Meet(LibId id, ObjectType? type, string neededBy)
    {
        if (_met.TryAdd(Key.Of(id), type))
        {
            _waiting.Push(new Waiting(id, type, neededBy));
        }
        else if (type is { } wanted && _met[Key.Of(id)] is { } known && known != wanted)
        {
            AddKind(id, neededBy, wanted, known);
        }
    }

    private void Visit(Repository repository, Waiting at, CancellationToken cancellationToken)
    {
        try
        {
            var type = repository.ObjectDatabase.RetrieveObjectMetadata(at.Id).Type;
            _met[Key.Of(at.Id)] = type;
            if (at.Type is { } expected && type != expected)
            {
                AddKind(at.Id, at.NeededBy, expected, type);
                return;
            }

            switch (type)
            {
                case ObjectType.Commit:
                    Visit(repository.Lookup<Commit>(at.Id));
                    break;
                case ObjectType.Tree:
                    Visit(repository.Lookup<Tree>(at.Id), cancellationToken);
                    break;
                case ObjectType.Tag:
                    var target = repository.Lookup<TagAnnotation>(at.Id).Target;
                    Meet(target.Id, TypeOf(target), $"the tag {at.Id}");
                    break;
            }

            if (!isKnown(ObjectId.FromBytes(at.Id.RawId)))
            {
                Add($"{Word(type)} {at.Id} is there, and MirrorAction's own reader has not seen it");
            }
        }
        catch (NotFoundException)
        {
            var found = isKnown(ObjectId.FromBytes(at.Id.RawId)) ? ", though MirrorAction's own reader has seen it" : "";
            Add($"{(at.Type is { } type ? Word(type) : "object")} {at.Id}, which {at.NeededBy} needs, is missing{found}");
        }
        catch (LibGit2SharpException e)
        {
            Add($"{(at.Type is { } type ? Word(type) : "object")} {at.Id}, which {at.NeededBy} needs, cannot be read: {OneLine(e.Message)}");
        }
    }

    private void Visit(Commit commit)
    {
        var name = $"the commit {commit.Id}";
        foreach (var parent in commit.Parents)
        {
            Meet(parent.Id, ObjectType.Commit, name);
        }

        Meet(commit.Tree.Id, ObjectType.Tree, name);
    }

    private void Visit(Tree tree, CancellationToken cancellationToken)
    {
        var name = $"the tree {tree.Id}";
        foreach (var entry in tree)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.TargetType != TreeEntryTargetType.GitLink)
            {
                Meet(entry.Target.Id, entry.TargetType == TreeEntryTargetType.Tree ? ObjectType.Tree : ObjectType.Blob, name);
            }
        }
    }

    private void AddKind(LibId id, string neededBy, ObjectType wanted, ObjectType known) =>
        Add($"{id}, which {neededBy} takes for a {Word(wanted)}, is a {Word(known)}");

    private void Add(string problem)
    {
        _count++;
        if (_problems.Count < Named)
        {
            _problems.Add(problem);
        }
    }

    private static ObjectType TypeOf(GitObject target) =>
        target switch
        {
            LibGit2Sharp.Commit => ObjectType.Commit,
            Tree => ObjectType.Tree,
            TagAnnotation => ObjectType.Tag,
            _ => ObjectType.Blob,
        };

    private static string Word(ObjectType type) =>
        type switch
        {
            ObjectType.Commit => "commit",
            ObjectType.Tree => "tree",
            ObjectType.Tag => "tag",
            _ => "file",
        };

    /// <summary>An object that was met and not yet looked at.</summary>
    private readonly record struct Waiting(LibId Id, ObjectType? Type, string NeededBy);

    /// <summary>The twenty bytes of an id, in no more than twenty bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct Key(ulong A, ulong B, uint C)
    {
        // With the seed of the process: nobody can make names that all fall into one place.
        public override int GetHashCode() => HashCode.Combine(A, B, C);

        internal static Key Of(LibId id) =>
            new(
                BinaryPrimitives.ReadUInt64BigEndian(id.RawId),
                BinaryPrimitives.ReadUInt64BigEndian(id.RawId.AsSpan(8)),
                BinaryPrimitives.ReadUInt32BigEndian(id.RawId.AsSpan(16))
            );
    }
}
