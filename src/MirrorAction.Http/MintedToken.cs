namespace MirrorAction.Http;

/// <summary>
/// A short-lived token that is asked for when it is first needed, again before it dies, and once more when a host refuses it early. However many
/// requests wait for it, it is asked for once.
/// </summary>
/// <param name="mint">Asks for a token; gives it and how long it lives.</param>
/// <param name="time">The clock by which it grows old.</param>
/// <param name="hide">Called with each token before it is used for the first time, so that no log shows it.</param>
internal sealed class MintedToken(Func<CancellationToken, Task<(string Token, TimeSpan Life)>> mint, TimeProvider time, Action<string> hide)
    : ICredentialProvider
{
    /// <summary>The share of its life after which a token is replaced: a request that begins with it must also end with it.</summary>
    private const double Usable = 0.8;

    /// <summary>A replacement that is refused so soon is no better than what it replaced: another would not be either.</summary>
    private static readonly TimeSpan s_trial = TimeSpan.FromMinutes(1);

    /// <summary>Pause after a request for a token that failed, while the old one still lives or another request would fail as well.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Taken where a host names an end that has passed, as it seems to a clock that is wrong: a 401 comes earlier if need be.</summary>
    private static readonly TimeSpan s_leastLife = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<string> _secrets = [];
    private Token? _current;
    private Task<HttpCredential>? _minting;
    private DateTimeOffset? _refusedAt;
    private (HostException Cause, DateTimeOffset Until)? _failure;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Secrets
    {
        get
        {
            lock (_lock)
            {
                return [.. _secrets];
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="HostException">No token could be had; its repetitions are behind it.</exception>
    public async ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<HttpCredential> minting;
            lock (_lock)
            {
                if (_current is { } token && time.GetUtcNow() < token.RenewAt)
                {
                    return token.Authorization;
                }

                if (_minting is not null && _current is { } old && time.GetUtcNow() < old.DiesAt)
                {
                    return old.Authorization; // One waits for the new one; a host that is slow to give it holds nobody else up.
                }

                if (_failure is { } failure && time.GetUtcNow() < failure.Until)
                {
                    throw ForWaiting(failure.Cause);
                }

                minting = _minting ??= Task.Run(() => RenewAsync(cancellationToken), CancellationToken.None);
            }

            try
            {
                return await minting.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Another caller began it and was cancelled; this one was not.
            }
        }
    }

    /// <inheritdoc/>
    public bool Refuse(HttpCredential credential)
    {
        lock (_lock)
        {
            if (_current?.Authorization.Secret != credential.Secret)
            {
                return true; // Replaced meanwhile, for another request.
            }

            var now = time.GetUtcNow();
            if (_refusedAt + s_trial > now)
            {
                return false;
            }

            _refusedAt = now;
            _current = null;
            return true;
        }
    }

    private async Task<HttpCredential> RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (value, life) = await mint(cancellationToken);
            hide(value);
            lock (_lock)
            {
                _secrets.AddRange([value, Uri.EscapeDataString(value)]);
                var now = time.GetUtcNow();
                life = life > TimeSpan.Zero ? life : s_leastLife;
                _failure = null;
                _current = new Token(HttpCredential.Bearer(value), now + (life * Usable), now + life);
                return _current.Authorization;
            }
        }
        catch (HostException e)
        {
            lock (_lock)
            {
                var now = time.GetUtcNow();
                if (_current is { } old && now < old.DiesAt)
                {
                    _current = old with { RenewAt = now + s_patience < old.DiesAt ? now + s_patience : old.DiesAt };
                    return old.Authorization;
                }

                if (e.Failure.Kind is HostFailureKind.Unauthorized or HostFailureKind.Forbidden or HostFailureKind.NotFound)
                {
                    // An App that was removed is not asked for by each of a thousand repositories.
                    _failure = (e, now + s_patience);
                }
            }

            throw ForWaiting(e);
        }
        finally
        {
            lock (_lock)
            {
                _minting = null;
            }
        }
    }

    /// <summary>Without its status, which says nothing about the request that waits for the token.</summary>
    private static HostException ForWaiting(HostException e) =>
        new(e.Message, e.Failure)
        {
            IsTransient = e.IsTransient,
            RetryAt = e.RetryAt,
            RequestId = e.RequestId,
            WasRepeated = true,
        };

    private sealed record Token(HttpCredential Authorization, DateTimeOffset RenewAt, DateTimeOffset DiesAt);
}
