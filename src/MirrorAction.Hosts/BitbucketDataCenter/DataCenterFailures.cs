using System.Text.Json;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.BitbucketDataCenter;

/// <summary>What Bitbucket Data Center's refusals mean, over REST and over git, and what to do about each.</summary>
/// <remarks>
/// Over REST the sentences are in the language of the token's user, so the classes of exceptions and the status decide there; what git's hooks write
/// is English unless the server's own language is another.
/// https://confluence.atlassian.com/bitbucketserver/using-branch-permissions-776639807.html and
/// https://confluence.atlassian.com/bitbucketserver/using-repository-hooks-776639836.html
/// </remarks>
internal sealed class DataCenterFailures
{
    private const string Branches =
        "A branch permission refuses this ref: under Repository settings > Branch permissions (or those of the project) remove it, or add the "
        + "token's user to its exceptions.";

    private const string Hooks =
        "See Repository settings > Hooks (and Project settings > Hooks, of which a repository inherits): disable this one for the mirror.";

    private readonly FailureRule[] _rules;
    private readonly FailureRule[] _ofGit;
    private readonly FailureRule[] _ofReading;
    private readonly FailureRule[] _ofCreation;
    private readonly FailureRule[] _ofChange;
    private readonly HostFailure _captcha;
    private readonly HostFailure _mayNot;

    /// <summary>Words the hints for one server and its token.</summary>
    public DataCenterFailures(HostSettings settings)
    {
        var place = settings.WebUrl.GetLeftPart(UriPartial.Path);
        var credential = settings.Credential.Length == 0 ? "a token" : settings.Credential;
        var token =
            "create an HTTP access token (profile picture > Manage account > HTTP access tokens > Create token) with "
            + (settings.Writes ? "Project admin and Repository admin" : "Project read and Repository read");
        var refused = settings.Token is null
            ? $"No token was given: {token}."
            : $"The server refused {credential}: it is wrong, expired or revoked, or git wants another user with it (source-username or "
                + $"destination-username). If need be {token}.";
        var mayNot =
            "The token, or its user, may not do this. "
            + (settings.Writes ? "A mirror needs Repository admin, and creates repositories with Project admin: " : "Reading needs Repository read: ")
            + $"{token}, as a user who has these rights in the project.";
        const string missing =
            "It does not exist, was renamed or moved, or the token does not see it. The owner (source-owner or destination-owner) is the key of a "
            + "project, such as ACME, or ~user.";
        const string busy = "The server limits the requests of a user: run again later, or have its administrator exempt the token's user.";
        var captcha =
            $"After failed log-ins the server wants a CAPTCHA from this user: log in once in the browser at {place}, solve it, and replace the "
            + "token where it is wrong.";
        _captcha = new(HostFailureKind.Unauthorized, captcha);
        _mayNot = new(HostFailureKind.Forbidden, mayNot);

        // Single words could be part of a ref's name, so they count only together with a status.
        // Rows are tried from the top: texts before bare statuses, special before general.
        _rules =
        [
            new(["solve", "CAPTCHA"], HostFailureKind.Unauthorized, captcha),
            new(401, ["CAPTCHA"], HostFailureKind.Unauthorized, captcha),
            new(403, ["CAPTCHA"], HostFailureKind.Unauthorized, captcha),
            new(
                ["reserved for", "pull request"],
                HostFailureKind.RefRejected,
                "refs/pull-requests/* belong to the server: take them out of the input refs."
            ),
            new(["only be modified through pull requests"], HostFailureKind.RefRejected, Branches),
            new(["insufficient permissions to update"], HostFailureKind.RefRejected, Branches),
            new(["branch permission"], HostFailureKind.RefRejected, Branches),
            new(["rewriting history"], HostFailureKind.RefRejected, Branches),
            new(
                ["deletion of the current branch"],
                HostFailureKind.RefRejected,
                "The default branch cannot be deleted; the mirror has the one of its source from now on, and the next run deletes this one."
            ),
            new(
                ["default branch", "delete"],
                HostFailureKind.RefRejected,
                "The default branch cannot be deleted; the next run deletes it, once another is the default."
            ),
            new(["force push"], HostFailureKind.RefRejected, "The hook Reject Force Push refuses what was rewritten at the source. " + Hooks),
            new(["force-pushing"], HostFailureKind.RefRejected, "The hook Reject Force Push refuses what was rewritten at the source. " + Hooks),
            new(
                ["push your own commits"],
                HostFailureKind.RefRejected,
                "The hook Verify Committer refuses commits of others, which a mirror is made of. " + Hooks
            ),
            new(
                ["commit signature"],
                HostFailureKind.RefRejected,
                "The hook Verify Commit Signature refuses unsigned commits of the source. " + Hooks
            ),
            new(
                ["secret", "detected in"],
                HostFailureKind.RefRejected,
                "Secret scanning refuses a commit of the source: exempt the repository under its settings > Secret scanning."
            ),
            new(["repository", "is archived"], HostFailureKind.Forbidden, ArchivedHint),
            new(["archived repositor"], HostFailureKind.Forbidden, ArchivedHint),
            new(
                ["LFS", "disabled"],
                HostFailureKind.Forbidden,
                "Git LFS is off: a system administrator allows it for the server, an administrator of the repository under Repository settings > "
                    + "Large file storage. Or set lfs: false."
            ),
            new(["hook declined"], HostFailureKind.RefRejected, "A hook of the server refuses this push; its words say why. " + Hooks),
            new(401, ["not permitted to access this resource"], HostFailureKind.Forbidden, mayNot),
            new(["authentication failed"], HostFailureKind.Unauthorized, refused),
            new(401, HostFailureKind.Unauthorized, refused),
            new(429, HostFailureKind.RateLimited, busy),
        ];
        _ofGit =
        [
            new(["repository not found"], HostFailureKind.NotFound, missing),
            new(["permission to access"], HostFailureKind.Forbidden, mayNot),
            new(403, HostFailureKind.Forbidden, mayNot),
            new(404, HostFailureKind.NotFound, missing),
            new(
                413,
                HostFailureKind.TooLarge,
                "A proxy before the server takes no push of this size, and it cannot be sent in smaller parts: lift the proxy's limit "
                    + "(client_max_body_size of nginx), or leave the repository out with exclude."
            ),
        ];
        _ofReading = [new(403, HostFailureKind.Forbidden, mayNot), new(404, HostFailureKind.NotFound, missing)];
        _ofChange =
        [
            .. _ofReading,
            new(409, HostFailureKind.Forbidden, "The repository cannot be changed now; the server's message says why. " + ArchivedHint),
        ];
        _ofCreation =
        [
            new(400, HostFailureKind.Protocol, "The server did not create the repository; its message says why."),
            new(403, HostFailureKind.Forbidden, mayNot),
            new(404, HostFailureKind.NotFound, missing),
            new(
                409,
                HostFailureKind.Forbidden,
                "Something of this name exists already, but the token does not see it, or it was moved and keeps its old address: give the "
                    + "token's user access to it, or free the name."
            ),
        ];
    }

    /// <summary>What to do about an archived repository.</summary>
    internal const string ArchivedHint =
        "An archived repository takes no pushes: unarchive it (Repository settings > Repository details > Unarchive repository), or leave its source "
        + "out with exclude.";

    /// <summary>The meaning of a refusal on the git channel; null when Data Center has no word of its own for it.</summary>
    public HostFailure? Explain(int? status, string text) => Explain(_ofGit, status, DataCenterError.TryRead(text)?.Message ?? text);

    /// <summary>The meaning of a refusal over REST; null when Data Center has no word of its own for it.</summary>
    public HostFailure? Explain(RestResponse answer)
    {
        if (answer.Status is 401 or 403 && answer.Header("X-Authentication-Denied-Reason")?.Contains("CAPTCHA", StringComparison.Ordinal) == true)
        {
            return _captcha; // The body is empty then.
        }

        var error = DataCenterError.TryRead(answer.Text);
        if (answer.Status is 401 or 403 && error?.Exceptions.Contains("AuthorisationException", StringComparer.Ordinal) == true)
        {
            return _mayNot; // 401 although the token is alive.
        }

        if (error?.Exceptions.Any(name => name.Contains("Archived", StringComparison.Ordinal)) == true)
        {
            return new(HostFailureKind.Forbidden, ArchivedHint);
        }

        var ofTheCall =
            answer.Method == HttpMethod.Post ? _ofCreation
            : answer.Method == HttpMethod.Put ? _ofChange
            : _ofReading;
        return Explain(ofTheCall, answer.Status, error?.Message ?? answer.Text);
    }

    private HostFailure? Explain(FailureRule[] ofTheCall, int? status, string text) =>
        FailureRule.Find(_rules, status, text)
        ?? FailureRule.Find(ofTheCall, status, text)
        ?? status switch
        {
            408 or >= 500 => new(
                HostFailureKind.Unavailable,
                "The server, or the proxy before it, is in trouble or in maintenance: ask its administrator, and run again later."
            ),
            _ => null,
        };
}

/// <summary>What a refusal of the REST interface says, as far as it can be read.</summary>
/// <param name="Message">All its sentences in a row, in the language of the token's user.</param>
/// <param name="Exceptions">The names of the exceptions without their packages; empty where it tells none.</param>
/// <remarks><code>
/// {"errors":[{"context":"name","message":"This repository URL is already taken by 'x' in 'Y'","exceptionName":"com.atlassian…Exception"}]}
/// </code></remarks>
internal sealed record DataCenterError(string Message, IReadOnlyList<string> Exceptions)
{
    /// <summary>Reads a body; null when it has not that form.</summary>
    public static DataCenterError? TryRead(string body)
    {
        if (!body.AsSpan().TrimStart().StartsWith('{'))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body, DataCenterJson.Default.DataCenterErrorBody) is { } error ? Read(error) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // The latter is thrown late, for half a surrogate pair in a string.
        }
    }

    private static DataCenterError? Read(DataCenterErrorBody body)
    {
        if (body is { Errors: null, Message: null })
        {
            return null;
        }

        var errors = (body.Errors ?? []).OfType<DataCenterErrorEntry>().ToList();
        var sentences = errors.Select(Sentence).Append(body.Message).Where(text => !string.IsNullOrWhiteSpace(text));
        return new(
            string.Join(' ', sentences),
            [.. errors.Select(error => error.ExceptionName).OfType<string>().Select(name => name[(name.LastIndexOf('.') + 1)..])]
        );
    }

    private static string? Sentence(DataCenterErrorEntry error) =>
        string.IsNullOrWhiteSpace(error.Message) || string.IsNullOrWhiteSpace(error.Context) ? error.Message : $"{error.Context}: {error.Message}";
}
