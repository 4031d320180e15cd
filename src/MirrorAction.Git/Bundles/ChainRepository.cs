using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;

namespace MirrorAction.Git.Bundles;

/// <summary>
/// A bare repository that grows by the bundles of a chain, as <c>git fetch --prune</c> of each would make it. Every pack was read and indexed before.
/// </summary>
/// <param name="folder">Must not exist, or be empty.</param>
public sealed class ChainRepository(string folder)
{
    private readonly string _packs = Path.Combine(folder, "objects", "pack");

    /// <summary>Adds the objects of the next bundle; its refs take the place of those before.</summary>
    /// <param name="header">What the bundle says.</param>
    /// <param name="packs">The packs of the chain up to this bundle, whose own is the last.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="GitProtocolException">What was written is no pack, or a ref has a name that git does not accept.</exception>
    /// <exception cref="InvalidDataException">A pack is not what it was when it was indexed.</exception>
    /// <exception cref="IOException">The folder cannot be written, or a bundle not be read.</exception>
    public void Add(BundleHeader header, IReadOnlyList<PackFile> packs, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_packs);
        Directory.CreateDirectory(Path.Combine(folder, "refs"));
        if (packs[^1].Index.Count > 0)
        {
            AddPack(packs[^1], [.. packs.SkipLast(1)], cancellationToken);
        }

        BareRepository.WriteRefs(folder, header.ObjectFormat, header.Refs.Where(r => r.Name.Raw != "HEAD"), head: null);
    }

    private void AddPack(PackFile pack, IReadOnlyList<PackFile> earlier, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(_packs, "tmp_pack");
        PackIndex index;
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16))
        {
            if (pack.Index.ForeignBases.Count == 0)
            {
                index = pack.Index;
                pack.Pack.Position = pack.Start;
                Copy(pack.Pack, file, cancellationToken);
            }
            else
            {
                PackCompletion.Complete(pack, earlier, file, cancellationToken);
                file.Position = 0;
                index = PackIndex.Build(file, pack.Index.ObjectFormat, [], cancellationToken);
            }
        }

        BareRepository.Place(_packs, temporary, index);
    }

    private static void Copy(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 17];
        while (from.Read(buffer) is > 0 and var count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            to.Write(buffer, 0, count);
        }
    }
}
