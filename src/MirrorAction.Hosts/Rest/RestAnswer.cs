using MirrorAction.Http;

namespace MirrorAction.Hosts.Rest;

/// <summary>Takes refusals that are an answer for one.</summary>
internal static class RestAnswer
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

    /// <summary>What a server need not have; null also where it does not know the request (405, 501).</summary>
    /// <exception cref="HostException">Any other refusal.</exception>
    public static async Task<T?> OrUnknownAsync<T>(Func<Task<T?>> ask, params HostFailureKind[] refusals)
        where T : class
    {
        try
        {
            return await OrNothingAsync(ask, refusals);
        }
        catch (HostException e) when (!e.IsTransient && e.Status is 405 or 501)
        {
            return null;
        }
    }
}
