using System.Net.Security;
using System.Security.Authentication;
using System.Text;

namespace MirrorAction.Http;

/// <summary>Puts refusals and failed connections into words, without secrets and without raw text of the server.</summary>
/// <param name="profile">The host.</param>
internal sealed class RestFailures(RestOptions profile)
{
    private const int MaxHint = 1000;

    /// <summary>The exception for an answer that is not success.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="isRateLimit">It is about too many requests, whatever its status.</param>
    /// <param name="retryAt">When to come back, where the host or the pacer says.</param>
    public HostException From(RestResponse answer, bool isRateLimit, DateTimeOffset? retryAt)
    {
        var isPage = answer.IsHtml && answer.Status != 401;
        var said = isPage ? "a web page instead of JSON" : Shown(profile.ReadMessage(answer.Text) ?? answer.Text, TextSanitizer.MaxLength);
        var failure =
            isRateLimit ? RateLimited()
            : isPage ? Page()
            : profile.Explain(answer) ?? ByStatus(answer.Status);
        var id = Shown(answer.Header(profile.RequestIdHeader), 100);
        return new HostException(
            $"{answer.Request} was answered with {answer.Status}{(said.Length > 0 ? ": " : "")}{said}{(said.EndsWith('.') ? "" : ".")}",
            failure with
            {
                Hint = Shown(failure.Hint, MaxHint),
            }
        )
        {
            Status = answer.Status,
            IsTransient = isRateLimit || isPage || answer.Status is 408 or (>= 500 and not 501),
            RetryAt = retryAt,
            RequestId = id.Length > 0 ? id : null,
        };
    }

    /// <summary>The exception for a request without a complete answer.</summary>
    public HostException NoAnswer(string request, string why, bool isTransient = true, string? hint = null) =>
        new(
            $"{request} failed: {Shown(why, TextSanitizer.MaxLength).TrimEnd('.')}.",
            new HostFailure(HostFailureKind.Unavailable, hint ?? $"Check the network, and {profile.Name}'s status page; then run again.")
        )
        {
            IsTransient = isTransient,
        };

    /// <summary>The exception for a proxy that lets no connection through.</summary>
    public HostException NoWayOut(string request, HttpRequestException refusal) =>
        new(
            $"{request} failed: {Shown(refusal.Message, TextSanitizer.MaxLength).TrimEnd('.')}.",
            new HostFailure(
                HostFailureKind.Unavailable,
                "Check the proxy that HTTPS_PROXY or ALL_PROXY names: its address, user and password, and whether it lets "
                    + $"{profile.Name} through. NO_PROXY leaves hosts out."
            )
        )
        {
            IsTransient = refusal.StatusCode is null or >= System.Net.HttpStatusCode.InternalServerError,
        };

    /// <summary>
    /// The exception for a request over a connection that did not become secure. A certificate stays what it is, and so does a port that speaks no
    /// TLS; a handshake that was cut is a broken connection. The framework tells these apart by its words alone.
    /// </summary>
    public HostException NotSecure(string request, HttpRequestException exception)
    {
        var handshake = exception.InnerException as AuthenticationException;
        var hint = handshake?.Message switch
        {
            null => null,
            var said when said.Contains(nameof(SslPolicyErrors.RemoteCertificateNameMismatch), StringComparison.Ordinal) =>
                $"The TLS certificate at {profile.Name}'s API address is for another name: give the address that it was made for.",
            var said when said.Contains("certificate", StringComparison.OrdinalIgnoreCase) =>
                $"The TLS certificate at {profile.Name}'s API address is not trusted: install "
                    + "its certificate authority on the runner (SSL_CERT_FILE names a file with it).",
            _ => $"What answers at {profile.Name}'s API address speaks no TLS, or none that the "
                + "runner's system allows: it may be a port for plain HTTP. Correct the address.",
        };
        return NoAnswer(request, Chain(exception), isTransient: handshake is null, hint);
    }

    /// <summary>The exception for a token that can't even be sent.</summary>
    public HostException UnfitToken() =>
        new(
            $"The token for {profile.Name} contains a space, a line break or another character that no token has; nothing was sent.",
            new HostFailure(HostFailureKind.Unauthorized, "Store the secret again: the token alone, on one line.")
        );

    /// <summary>The messages of an exception and its causes. The exception itself is not handed on: it may quote raw bytes of the server.</summary>
    public static string Chain(Exception exception)
    {
        var text = new StringBuilder(exception.Message);
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (!text.ToString().Contains(cause.Message, StringComparison.Ordinal))
            {
                text.Append(": ").Append(cause.Message);
            }
        }

        return text.ToString();
    }

    private HostFailure RateLimited() =>
        new(
            HostFailureKind.RateLimited,
            $"{profile.Name} wants fewer requests from these credentials; run again later, run less often, or let "
                + "other programs use other credentials."
        );

    private HostFailure Page() =>
        new(
            HostFailureKind.Unavailable,
            $"{profile.Name} is in trouble, a proxy answered in its place, or the API address is not that of its " + "REST interface."
        );

    private HostFailure ByStatus(int status) =>
        status switch
        {
            401 => new(HostFailureKind.Unauthorized, $"Check the credentials for {profile.Name}: they are wrong, expired or revoked."),
            403 => new(HostFailureKind.Forbidden, $"The credentials for {profile.Name} may not do this; check their permissions."),
            404 => new(HostFailureKind.NotFound, "It does not exist, or these credentials do not see it."),
            407 => new(
                HostFailureKind.Unavailable,
                "A proxy on the way wants a login: give its user and password in the address that HTTPS_PROXY or HTTP_PROXY names."
            ),
            408 or >= 500 => new(HostFailureKind.Unavailable, $"{profile.Name} is in trouble; check its status page and run again later."),
            _ => new(
                HostFailureKind.Protocol,
                $"{profile.Name} did not accept the request; if its message does not help, report it as a bug of this " + "action."
            ),
        };

    // Secrets go first, so that a cut never leaves half of one; and once more, in case invisible characters hid one.
    private string Shown(string? text, int maxLength) =>
        TextSanitizer.Clean(WithoutSecrets(TextSanitizer.Clean(WithoutSecrets(text ?? ""), int.MaxValue - 1)), maxLength);

    private string WithoutSecrets(string text) =>
        profile
            .Credential.Secrets.Where(secret => secret.Length > 0)
            .Aggregate(text, (rest, secret) => rest.Replace(secret, "***", StringComparison.Ordinal));
}
