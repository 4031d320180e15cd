using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Lfs;

/// <summary>Finds out whether a repository uses Git LFS, at little cost: the folders of one commit, and their <c>.gitattributes</c>.</summary>
/// <param name="source">Who is asked, after it has listed its refs.</param>
/// <param name="isLastResort">A commit that the source can't read is left open; otherwise that is an error, for it may pass.</param>
public sealed class LfsUse(IFetchSource source, bool isLastResort = false)
{
    private const string AttributesFile = ".gitattributes";

    /// <summary>More such files than that are a reason to say yes.</summary>
    private const int MaxFiles = 1000;

    /// <summary>Whether the source can be asked: it gives a commit without the history before it.</summary>
    public static bool CanAsk(IFetchSource source) => source.GivesTipsOnly;

    /// <summary>Whether any <c>.gitattributes</c> of the commit, in any folder, has a line with <c>filter=lfs</c>.</summary>
    /// <param name="commit">The tip of the default branch.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The answer; null when it can't be told: the source can't send that, or it is too much.</returns>
    /// <exception cref="GitException">The source refused for a reason that may pass, or could not be reached.</exception>
    public async Task<bool?> FindAsync(ObjectId commit, CancellationToken cancellationToken)
    {
        if (!source.GivesTipsOnly)
        {
            return null;
        }

        try
        {
            var request = new FetchRequest
            {
                Wants = [commit],
                OfsDelta = true,
                TipsOnly = true,
                Filter = source.CanFilter ? ObjectFilter.NoBlobs : ObjectFilter.None,
            };
            return await ReadTipAsync(request, cancellationToken) is { } objects ? await IsInAsync(objects, commit.Format, cancellationToken) : null;
        }
        catch (GitException e) when (LfsPointerSearch.IsNoAnswer(e) || SourceFault.IsPlain(e) || (isLastResort && SourceFault.IsPossible(e)))
        {
            return null;
        }
        catch (GitException e) when (SourceFault.IsPossible(e))
        {
            e.BlameOneOfMany();
            throw;
        }
    }

    private async Task<Dictionary<ObjectId, (PackObjectType Type, byte[] Data)>?> ReadTipAsync(
        FetchRequest request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await ReadAsync(request, cancellationToken);
        }
        catch (GitException e) when (request.Filter != ObjectFilter.None && LfsPointerSearch.IsNoAnswer(e) && !SourceFault.IsPlain(e))
        {
            // Without filters all files of the commit come, too.
            return await ReadAsync(request with { Filter = ObjectFilter.None }, cancellationToken);
        }
    }

    private async Task<Dictionary<ObjectId, (PackObjectType Type, byte[] Data)>?> ReadAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        var objects = await SmallPack.ReadAsync(source, request, cancellationToken);
        try
        {
            return objects?.DistinctBy(o => o.Id).ToDictionary(o => o.Id, o => (o.Type, o.Data));
        }
        catch (GitProtocolException)
        {
            return null; // The pack is whole, but what it holds is too much for memory, or makes no sense.
        }
    }

    private async Task<bool> IsInAsync(
        Dictionary<ObjectId, (PackObjectType Type, byte[] Data)> objects,
        ObjectFormat format,
        CancellationToken cancellationToken
    )
    {
        var files = objects
            .Values.Where(o => o.Type == PackObjectType.Tree)
            .SelectMany(tree => TreeEntry.Read(tree.Data, format))
            .Where(entry => !entry.IsFolder && entry.Name.Span.SequenceEqual(Encoding.ASCII.GetBytes(AttributesFile)))
            .Select(entry => entry.Id)
            .ToHashSet();
        if (files.Any(id => objects.TryGetValue(id, out var file) && Names(file.Data)))
        {
            return true;
        }

        ObjectId[] open = [.. files.Where(id => !objects.ContainsKey(id))];
        if (open.Length is 0 or > MaxFiles || !source.GivesAnyObject)
        {
            return open.Length > 0;
        }

        return await SmallPack.ReadAsync(source, new FetchRequest { Wants = open, OfsDelta = true }, cancellationToken) is not { } read
            || read.Any(file => Names(file.Data));
    }

    /// <summary>gitattributes: <code>pattern *( SP attribute )</code>; a line that begins with <c>#</c> says nothing.</summary>
    private static bool Names(byte[] file)
    {
        foreach (var line in Encoding.Latin1.GetString(file).Split('\n'))
        {
            if (!line.StartsWith('#') && line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries).Skip(1).Contains("filter=lfs"))
            {
                return true;
            }
        }

        return false;
    }
}
