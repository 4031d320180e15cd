using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Bundles;

/// <summary>Writes a bare repository that stock git opens, out of an arriving pack.</summary>
public static class BareRepository
{
    private static readonly RefName s_usualHead = RefName.Branch("main");

    /// <summary>
    /// Writes <c>HEAD</c>, <c>config</c>, <c>packed-refs</c>, the pack and its index. Every object is read and hashed on the way. The folder is a
    /// repository only at the very end, when <c>HEAD</c> is written; what failed before leaves a folder that git does not open.
    /// </summary>
    /// <param name="folder">Must not exist, or be empty.</param>
    /// <param name="refs">What the source listed, for its main branch and object format.</param>
    /// <param name="wanted">The refs to write.</param>
    /// <param name="pack">Their objects, without thin deltas; stays the caller's.</param>
    /// <param name="progress">Called for pack bytes that arrived.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="GitException">The source failed, its pack is not right, or a ref's object is not in it.</exception>
    /// <exception cref="IOException">The folder is not empty, or cannot be written.</exception>
    public static async Task<PackIndex> WriteAsync(
        string folder,
        RemoteRefs refs,
        IEnumerable<Ref> wanted,
        FetchSession pack,
        Action<long>? progress,
        CancellationToken cancellationToken
    )
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new IOException($"'{folder}' is not empty; a repository is written into an empty folder only.");
        }

        var packs = Directory.CreateDirectory(Path.Combine(folder, "objects", "pack")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "refs"));
        var index = await WritePackAsync(packs, pack, progress, cancellationToken);
        var sorted = wanted.OrderBy(r => r.Name).ToArray();
        foreach (var (name, id) in sorted)
        {
            _ = index.Contains(id) ? true : throw new GitProtocolException($"The pack from {pack.Peer} lacks {id}, to which '{name}' points.");
        }

        WriteRefs(folder, index.ObjectFormat, sorted, refs.Head);
        return index;
    }

    /// <summary>Writes <c>config</c>, <c>packed-refs</c> and, last, <c>HEAD</c>, over those that are there.</summary>
    internal static void WriteRefs(string folder, ObjectFormat format, IEnumerable<Ref> refs, RefName? head)
    {
        WriteText(Path.Combine(folder, "config"), Config(format));
        WriteText(Path.Combine(folder, "packed-refs"), PackedRefs(refs.OrderBy(r => r.Name)));
        WriteText(Path.Combine(folder, "HEAD"), $"ref: {(head is { IsBranch: true, IsWellFormed: true } branch ? branch : s_usualHead).Raw}\n");
    }

    /// <summary>Gives a pack that is written and closed its name, with its index beside it.</summary>
    internal static void Place(string folder, string pack, PackIndex index)
    {
        var name = Path.Combine(folder, $"pack-{index.PackChecksum}");
        var temporary = Path.Combine(folder, "tmp_idx");
        using (var idx = new FileStream(temporary, FileMode.Create))
        {
            index.WriteTo(idx);
            idx.Flush(flushToDisk: true);
        }

        // The index last: a pack is there for git when its index is.
        File.Move(pack, name + ".pack", overwrite: true);
        File.Move(temporary, name + ".idx", overwrite: true);
    }

    private static async Task<PackIndex> WritePackAsync(string folder, FetchSession pack, Action<long>? progress, CancellationToken cancellationToken)
    {
        // git takes files of this name for leftovers and removes them in time.
        var temporary = Path.Combine(folder, "tmp_pack");
        try
        {
            PackIndex index;
            var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
            await using (file)
            {
                using var arriving = new ValidatingPackReader(pack, progress);
                while (await arriving.ReadAsync(cancellationToken) is { Length: > 0 } bytes)
                {
                    await file.WriteAsync(bytes, cancellationToken);
                }

                file.Flush(flushToDisk: true);
                file.Position = 0;
                index = PackIndex.Build(file, pack.ObjectFormat, [], cancellationToken);
            }

            Place(folder, temporary, index);
            return index;
        }
        finally
        {
            File.Delete(temporary);
            File.Delete(Path.Combine(folder, "tmp_idx"));
        }
    }

    private static string Config(ObjectFormat format) =>
        format == ObjectFormat.Sha1
            ? "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"
            : $"[core]\n\trepositoryformatversion = 1\n\tfilemode = true\n\tbare = true\n[extensions]\n\tobjectformat = {format.WireName()}\n";

    /// <summary>git-pack-refs: the header claims what holds, and no line says what a tag points to, so "peeled" is not claimed.</summary>
    private static string PackedRefs(IEnumerable<Ref> sorted)
    {
        var text = new StringBuilder("# pack-refs with: sorted \n");
        foreach (var (name, id) in sorted)
        {
            text.Append($"{id} ")
                .Append(name.IsWellFormed ? name.Raw : throw new GitProtocolException($"'{name}' is no name that git accepts for a ref."))
                .Append('\n');
        }

        return text.ToString();
    }

    private static void WriteText(string path, string latin1)
    {
        using var file = new FileStream(path, FileMode.Create);
        file.Write(Encoding.Latin1.GetBytes(latin1));
        file.Flush(flushToDisk: true);
    }
}
