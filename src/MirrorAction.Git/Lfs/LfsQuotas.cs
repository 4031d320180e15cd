using System.Collections.Concurrent;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Lfs;

/// <summary>
/// Which owners' quotas are known to be used up, shared by all repositories of a run: a server that has said so once is asked for no more of that
/// owner's objects. Thread-safe.
/// </summary>
public sealed class LfsQuotas
{
    private readonly ConcurrentDictionary<string, LfsException> _usedUp = new(StringComparer.Ordinal);

    /// <summary>Remembers what a side said; whatever is no quota is no news.</summary>
    internal void Learn(LfsException refusal, string? account)
    {
        if (refusal.Fault == LfsFault.Quota && account is not null)
        {
            _usedUp.TryAdd(account, refusal);
        }
    }

    /// <summary>Called before objects of an owner are asked for, or stored.</summary>
    /// <exception cref="LfsException">That is known to be of no use.</exception>
    internal void Require(string? account)
    {
        if (account is null || !_usedUp.TryGetValue(account, out var known))
        {
            return;
        }

        var refusal = new LfsException($"Not tried any more after what was said of another repository: {known.Message}", known.Fault);
        if (known.Service is { } service)
        {
            _ = refusal.In(service);
        }

        throw refusal;
    }
}
