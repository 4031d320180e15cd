using System.Security.Cryptography;
using System.Text;

namespace MirrorAction.Simulation.Git;

/// <summary>The types of objects, by their numbers in a pack.</summary>
internal enum ObjectKind
{
    Commit = 1,
    Tree = 2,
    Blob = 3,
    Tag = 4,
}

/// <summary>An object of git with its real bytes and id. Immutable, and shared by all repositories that hold it.</summary>
internal sealed class SimObject
{
    private byte[]? _packed;

    private SimObject(string id, ObjectKind kind, byte[] data, string[] links)
    {
        Id = id;
        Kind = kind;
        Data = data;
        Links = links;
    }

    /// <summary>The object's name: 40 hex digits of SHA-1.</summary>
    public string Id { get; }

    /// <summary>What it is.</summary>
    public ObjectKind Kind { get; }

    /// <summary>Its contents, without git's header.</summary>
    public byte[] Data { get; }

    /// <summary>What it needs: of a commit its tree and its parents, of a tree its entries, of a tag its target.</summary>
    public string[] Links { get; }

    /// <summary>The parents of a commit; empty for anything else.</summary>
    public IEnumerable<string> Parents => Kind == ObjectKind.Commit ? Links.Skip(1) : [];

    /// <summary>What git's fsck says against it; null when it is sound.</summary>
    public string? Complaint { get; private init; }

    /// <summary>As an entry of a pack, whole.</summary>
    public byte[] Packed => _packed ??= PackFile.Entry(this);

    public static SimObject Blob(string text) => Make(ObjectKind.Blob, Encoding.UTF8.GetBytes(text), []);

    public static SimObject Tree(params (string Name, SimObject Entry)[] entries) => Tree(entries, null);

    /// <summary>A tree with a leading zero in its modes, as old tools wrote them.</summary>
    public static SimObject PaddedTree(params (string Name, SimObject Entry)[] entries) =>
        Tree(entries, "zeroPaddedFilemode: contains zero-padded file modes");

    public static SimObject Commit(SimObject tree, IReadOnlyList<SimObject> parents, long time, string message)
    {
        var people = $"author Ann <ann@acme.example> {time} +0000\ncommitter Ann <ann@acme.example> {time} +0000\n";
        return Commit(tree, parents, people, message, null);
    }

    /// <summary>A commit without the space before its date.</summary>
    public static SimObject CommitWithoutSpace(SimObject tree, IReadOnlyList<SimObject> parents, long time, string message)
    {
        var people = $"author Ann <ann@acme.example>{time} +0000\ncommitter Ann <ann@acme.example>{time} +0000\n";
        return Commit(tree, parents, people, message, "missingSpaceBeforeDate: invalid author/committer line - missing space before date");
    }

    public static SimObject Tag(SimObject target, string name, long time)
    {
        var kind = target.Kind.ToString().ToLowerInvariant();
        var text = $"object {target.Id}\ntype {kind}\ntag {name}\ntagger Ann <ann@acme.example> {time} +0000\n\n{name}\n";
        return Make(ObjectKind.Tag, Encoding.UTF8.GetBytes(text), [target.Id]);
    }

    public override string ToString() => $"{Kind} {Id[..7]}";

    private static SimObject Commit(SimObject tree, IReadOnlyList<SimObject> parents, string people, string message, string? complaint)
    {
        var text = $"tree {tree.Id}\n{string.Concat(parents.Select(p => $"parent {p.Id}\n"))}{people}\n{message}\n";
        return Make(ObjectKind.Commit, Encoding.UTF8.GetBytes(text), [tree.Id, .. parents.Select(p => p.Id)], complaint);
    }

    private static SimObject Tree((string Name, SimObject Entry)[] entries, string? complaint)
    {
        using var data = new MemoryStream();
        foreach (var (name, entry) in entries.OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            data.Write(Encoding.UTF8.GetBytes($"{(complaint is null ? "" : "0")}{(entry.Kind == ObjectKind.Tree ? "40000" : "100644")} {name}\0"));
            data.Write(Convert.FromHexString(entry.Id));
        }

        return Make(ObjectKind.Tree, data.ToArray(), [.. entries.Select(e => e.Entry.Id)], complaint);
    }

    private static SimObject Make(ObjectKind kind, byte[] data, string[] links, string? complaint = null) =>
        new(IdOf(kind, data), kind, data, links) { Complaint = complaint };

    /// <summary>The name of some contents.</summary>
    public static string IdOf(ObjectKind kind, byte[] data)
    {
        var head = Encoding.ASCII.GetBytes($"{kind.ToString().ToLowerInvariant()} {data.Length}\0");
#pragma warning disable CA5350 // git names objects so.
        return Convert.ToHexStringLower(SHA1.HashData([.. head, .. data]));
#pragma warning restore CA5350
    }
}
