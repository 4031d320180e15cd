using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>Takes refusals that are an answer for one.</summary>
internal static class GiteaAnswer
{
    /// <summary>What is asked for; null where it is not there, or is refused in one of these ways.</summary>
    /// <exception cref="HostException">Any other refusal.</exception>
    public static async Task<T?> OrNothingAsync<T>(Func<Task<T?>> ask, params HostFailureKind[] refusals)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (HostException e) when (!e.IsTransient && e.Status is not null && (e.Status == 404 || refusals.Contains(e.Failure.Kind)))
        {
            return null;
        }
    }
}
