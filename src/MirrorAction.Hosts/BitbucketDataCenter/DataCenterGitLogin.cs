using MirrorAction.Http;

namespace MirrorAction.Hosts.BitbucketDataCenter;

/// <summary>
/// The token as git's credential: with the user whose it is, asked for once; a token of a project or repository has none, and goes with
/// <c>x-token-auth</c>, or by itself where a server refuses that. Thread-safe.
/// </summary>
/// <param name="settings">The token, and the user where one is given.</param>
/// <param name="ask">Asks who the token's user is, as the header <see cref="Header"/> says; null where it is not there.</param>
/// <param name="hide">Called with each form in which the token is sent.</param>
/// <remarks>
/// A token of a user stands for its password. Of one of a project or repository the pages differ: <c>x-token-auth</c> is the user for it, or it works
/// "only with Bearer authentication" (https://confluence.atlassian.com/bitbucketserver086/http-access-tokens-1188782454.html).
/// </remarks>
internal sealed class DataCenterGitLogin(HostSettings settings, Func<CancellationToken, Task<string?>> ask, Action<string> hide) : ICredentialProvider
{
    /// <summary>The header of an answer with the name of the user who asked, percent-encoded.</summary>
    public const string Header = "X-AUSERNAME";

    private const string NoUser = "x-token-auth";
    private const int MaxUser = 255;

    private HttpCredential? _credential;

    /// <summary>The user whose token it is; null where that is not known yet, or the token belongs to none.</summary>
    public string? User { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="HostException">Who the user is could not be asked.</exception>
    public async ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken)
    {
        if (settings.Token is not { } token)
        {
            return null;
        }

        if (_credential is null)
        {
            if (settings.Username is { Length: > 0 } given)
            {
                Set(HttpCredential.Basic(given, token));
            }
            else
            {
                Learn(await ask(cancellationToken) ?? "");
            }
        }

        return _credential;
    }

    /// <inheritdoc/>
    public bool Refuse(HttpCredential credential)
    {
        if (settings is not { Token: { } token, Username: null or "" } || User is not null || credential.Scheme != "Basic")
        {
            return false;
        }

        Set(HttpCredential.Bearer(token));
        return true;
    }

    /// <summary>Called with what the header says in an answer to a request with the token; null where it is not there.</summary>
    public void Learn(string? header)
    {
        if (header is null || settings.Token is not { } token)
        {
            return;
        }

        User = UserOf(header);
        if (_credential is null && settings.Username is not { Length: > 0 })
        {
            Set(HttpCredential.Basic(User ?? NoUser, token));
        }
    }

    /// <summary>
    /// The user that a header names; null for nobody, and for what stands in for a user where a token belongs to a project or repository.
    /// </summary>
    private static string? UserOf(string header)
    {
        var user = Uri.UnescapeDataString(header.Trim());
        return
            user.Length is > 0 and <= MaxUser
            && user is not "anonymous"
            && !user.StartsWith("access-token-user", StringComparison.Ordinal)
            && !user.AsSpan().ContainsAny(':', '/')
            && TextSanitizer.IsClean(user)
            ? user
            : null;
    }

    private void Set(HttpCredential credential)
    {
        hide(credential.Parameter);
        _credential = credential;
    }
}
