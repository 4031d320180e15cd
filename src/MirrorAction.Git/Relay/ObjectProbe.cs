using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Relay;

/// <summary>Finds out which objects a source has, reachable or not, by asking for them and hanging up before they come.</summary>
/// <remarks>
/// git's upload-pack gives any object of the repository to one who speaks v2 and knows its id, and says <c>not our ref</c> of the first that it does
/// not have (<c>parse_want</c> in upload-pack.c; <c>uploadpack.allowAnySHA1InWant</c> is about v0). Both are said before any object is counted.
/// Whatever else comes, a refusal in other words or a broken connection, says nothing.
/// </remarks>
public sealed class ObjectProbe(IFetchSource source)
{
    /// <summary>Ids in one request: a line of 50 bytes each.</summary>
    private const int MaxIds = 1000;

    /// <summary>Each answer names one missing object; where there are more, the rest stays open.</summary>
    private const int MaxRequests = 32;

    /// <summary>So many tips of its own spare the source most of the way back into its history.</summary>
    private const int MaxHaves = 256;

    /// <summary>Asks. Failures are not thrown: of what was not answered nothing is known.</summary>
    /// <param name="ids">The objects.</param>
    /// <param name="tips">Objects that the source is known to have.</param>
    /// <param name="cancellationToken">Ends the conversation.</param>
    /// <returns>For each object that was found out about, whether the source has it.</returns>
    public async Task<IReadOnlyDictionary<ObjectId, bool>> AskAsync(
        IEnumerable<ObjectId> ids,
        IEnumerable<ObjectId> tips,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<ObjectId, bool>();
        var open = ids.Distinct().Take(MaxIds).ToList();
        ObjectId[] haves = [.. tips.Distinct().Take(MaxHaves)];
        for (var requests = 0; open.Count > 0 && source.GivesAnyObject && requests < MaxRequests; requests++)
        {
            try
            {
                using var session = await source.FetchAsync(new FetchRequest { Wants = open, Haves = haves }, cancellationToken);
                open.ForEach(id => found.Add(id, true));
                break;
            }
            catch (GitRemoteException e)
                when (e.IsNotOurRef && open.Find(id => e.RemoteMessage.Contains(id.ToString(), StringComparison.Ordinal)) is { IsZero: false } missing
                )
            {
                found.Add(missing, false);
                open.Remove(missing);
            }
            catch (GitException)
            {
                break;
            }
        }

        return found;
    }
}
