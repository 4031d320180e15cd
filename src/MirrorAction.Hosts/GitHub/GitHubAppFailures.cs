using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>
/// What GitHub's refusals mean to an App and its installations; what is the same for every credential is left to <see cref="GitHubFailures"/>.
/// </summary>
internal static class GitHubAppFailures
{
    private const string Settings = "the App's settings (GitHub > Settings > Developer settings > GitHub Apps > the App)";

    private const string WrongKey =
        "github-app-private-key does not belong to the App that github-app-id names, or was deleted there: generate a new private key in "
        + Settings
        + " and store the whole .pem file as the secret; the App ID is on the same page.";

    private const string Clock =
        "The token that the App signs is dated by this machine's clock, which seems "
        + "to be wrong: set it (a runner needs NTP) and run again. GitHub takes none "
        + "from the future and none that is valid for more than ten minutes.";

    private const string NotCovered =
        "The App's installation does not reach this repository: choose \"All repositories\" "
        + "in the owner's settings (Settings > GitHub Apps > Configure), give the "
        + "App Contents: read in "
        + Settings
        + ", and let the owner accept the new permission.";

    /// <summary>Rows are tried from the top. A single word could be part of a name, so it needs its status too.</summary>
    private static readonly FailureRule[] s_rules =
    [
        new(401, ["expiration"], HostFailureKind.Unauthorized, Clock),
        new(401, ["'exp'"], HostFailureKind.Unauthorized, Clock),
        new(401, ["issued at"], HostFailureKind.Unauthorized, Clock),
        new(401, ["'iat'"], HostFailureKind.Unauthorized, Clock),
        new(401, ["web token"], HostFailureKind.Unauthorized, WrongKey),
        new(["integration not found"], HostFailureKind.Unauthorized, "GitHub knows no App with this id: " + WrongKey),
        new(401, ["issuer"], HostFailureKind.Unauthorized, WrongKey),
        new(
            403,
            ["suspended"],
            HostFailureKind.Forbidden,
            "The owner has suspended the App's installation: an owner of the organisation lifts that under Settings > GitHub Apps > Configure."
        ),
        new(["permissions requested are not granted"], HostFailureKind.Forbidden, NotCovered),
        new(["resource not accessible by integration"], HostFailureKind.Forbidden, NotCovered),
        new(["write access to repository not granted"], HostFailureKind.Forbidden, NotCovered),
        new(["repository not found"], HostFailureKind.NotFound, "The repository does not exist (any more). Or: " + NotCovered),
        new(["bad credentials"], HostFailureKind.Unauthorized, Dead),
        new(["invalid username or"], HostFailureKind.Unauthorized, Dead),
    ];

    private static readonly FailureRule[] s_bareStatuses =
    [
        new(401, HostFailureKind.Unauthorized, Dead),
        new(404, HostFailureKind.NotFound, "It does not exist (any more). Or: " + NotCovered),
    ];

    private const string Dead =
        "GitHub refused a token of the App's installation, and a new one as well: "
        + "check that the App is still installed on the owner and not suspended "
        + "(the owner's Settings > GitHub Apps). If it is, "
        + WrongKey;

    /// <summary>The meaning of a refusal; null when GitHub has no word of its own for it.</summary>
    public static HostFailure? Explain(int? status, string text) => Explain(status, text, GitHubFailures.Explain(status, text));

    /// <summary>The meaning of a refusal over REST, where a header may name single sign-on.</summary>
    public static HostFailure? Explain(RestResponse answer) => Explain(answer.Status, answer.Text, GitHubFailures.Explain(answer));

    /// <summary>The App's own meaning goes before what any token would be told.</summary>
    private static HostFailure? Explain(int? status, string text, HostFailure? ofAnyToken) =>
        FailureRule.Find(s_rules, status, text) ?? FailureRule.Find(s_bareStatuses, status, text) ?? OfApp(ofAnyToken);

    /// <summary>There is no github-token to mend.</summary>
    private static HostFailure? OfApp(HostFailure? failure) =>
        failure is { Hint: GitHubFailures.NoContents } ? failure with { Hint = NotCovered } : failure;

    /// <summary>The App is not installed where it is to read.</summary>
    /// <param name="options">The App and its server.</param>
    /// <param name="owner">The organisation or user.</param>
    /// <param name="slug">The App's name in addresses; null when it could not be found out.</param>
    public static HostException NotInstalled(GitHubOptions options, string owner, string? slug)
    {
        var apps = options.ServerUrl.Host is "github.com" or "www.github.com" ? "apps" : "github-apps";
        var where = slug is null
            ? $"from its public page or from {Settings}, under Install App"
            : $"at {HostUrl.Join(options.ServerUrl, $"{apps}/{HostUrl.Segment(slug)}/installations/new")}";
        return new HostException(
            $"The GitHub App {(slug is null ? options.App!.Id : $"{slug} ({options.App!.Id})")} is not installed on {owner}.",
            new HostFailure(
                HostFailureKind.NotFound,
                $"Install it on {owner} {where}, for \"All repositories\"; only an "
                    + $"owner of an organisation can. If {owner} is mistyped, mend github-owner."
            )
        )
        {
            Status = 404,
        };
    }
}
