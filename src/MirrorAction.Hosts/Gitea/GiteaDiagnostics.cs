using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>What a server of Gitea or Forgejo tells about itself and the token: two requests, and three for each owner. Only reads.</summary>
internal sealed class GiteaDiagnostics(GiteaClient client)
{
    private const string Access = "Gitea access";
    private const string Token = "Gitea token";
    private const string Scopes = "Gitea scopes";
    private const string Owner = "Gitea owner";

    private string Credential => GiteaFailures.CredentialOf(client.Settings);

    private string Server => client.Settings.WebUrl.Authority;

    /// <summary>Looks at reachability, version, identity and owners; of a destination also at rights and quota.</summary>
    public async Task<HostDiagnostics> RunAsync(IReadOnlyList<string> owners, bool isDestination, CancellationToken cancellationToken)
    {
        List<Diagnostic> findings = [];
        try
        {
            findings.Add(await LookAtVersionAsync(cancellationToken));
            findings.Add(await IdentifyAsync(isDestination, cancellationToken));
            var isUsable = true;
            foreach (var owner in owners)
            {
                var (found, isFine) = await LookAtOwnerAsync(owner, isDestination, cancellationToken);
                findings.AddRange(found);
                isUsable &= isFine;
            }

            findings.Add(
                new Diagnostic(
                    DiagnosticLevel.Ok,
                    Scopes,
                    "The host tells nobody the scopes of a token; this one needs "
                        + $"{(isDestination ? GiteaFailures.Scopes.Writing : GiteaFailures.Scopes.Reading)}."
                )
            );
            return new(findings, isUsable);
        }
        catch (HostException e)
        {
            var check = e.Failure.Kind is HostFailureKind.Unauthorized or HostFailureKind.Forbidden ? Token : Access;
            return new([.. findings, new Diagnostic(DiagnosticLevel.Problem, check, e.Message, e.Failure.Hint)], IsUsable: false);
        }
    }

    /// <summary>The failure of one who wants to create repositories for another user, which the host has no way to do.</summary>
    public static HostException NoPlace(HostSettings settings, GiteaOwner owner) =>
        new(
            $"Repositories cannot be created for {owner.Login} at {settings.WebUrl.Authority}: it is a user, and not the one of "
                + $"{GiteaFailures.CredentialOf(settings)}.",
            new HostFailure(
                HostFailureKind.Forbidden,
                $"Use a token of {owner.Login} itself as destination-token, with the scope read:user, or name an organisation as destination-owner."
            )
        );

    private async Task<Diagnostic> LookAtVersionAsync(CancellationToken cancellationToken)
    {
        // A server that wants a login for everything refuses this without a token.
        var version = await RestAnswer.OrUnknownAsync(() => client.Api.GetVersionAsync(cancellationToken), HostFailureKind.Forbidden);
        return version?.Version is { Length: > 0 } number
            ? new(DiagnosticLevel.Ok, Access, $"{Server} answers: {ProductOf(number)} {TextSanitizer.Clean(number, 100)}.")
            : new(DiagnosticLevel.Ok, Access, $"{Server} answers; it does not tell its version.");
    }

    /// <summary>Forgejo names the version of Gitea that its interface is like.</summary>
    private static string ProductOf(string version) => version.Contains("+gitea-", StringComparison.OrdinalIgnoreCase) ? "Forgejo" : "Gitea";

    private async Task<Diagnostic> IdentifyAsync(bool isDestination, CancellationToken cancellationToken)
    {
        if (client.Settings.Token is null)
        {
            return isDestination
                ? new(
                    DiagnosticLevel.Problem,
                    Token,
                    "No token is given, and nobody may write without one.",
                    $"Make a token with {GiteaFailures.Scopes.Writing}, and pass it as destination-token."
                )
                : new(
                    DiagnosticLevel.Warning,
                    Token,
                    "No token is given: only public repositories are visible.",
                    $"Make a token with {GiteaFailures.Scopes.Reading}, and pass it as source-token."
                );
        }

        var user = await client.UserAsync(cancellationToken);
        if (user?.Login is not { } login)
        {
            return new(
                DiagnosticLevel.Warning,
                Token,
                "The host does not tell whose it is: it lacks the scope read:user. Private repositories of its own user are not listed.",
                "Make a token that has read:user too."
            );
        }

        return user.IsAdmin == true
            ? new(
                DiagnosticLevel.Warning,
                Token,
                $"It belongs to {login}, who administers the whole server.",
                "Use a user of its own for the mirror, which is a member of the organisation and no administrator."
            )
            : new(DiagnosticLevel.Ok, Token, $"It belongs to {login}. Such tokens do not expire.");
    }

    private async Task<(IReadOnlyList<Diagnostic> Findings, bool IsUsable)> LookAtOwnerAsync(
        string name,
        bool isDestination,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var owner = await client.FindOwnerAsync(name, cancellationToken);
            using var listing = await client.Api.GetPageAsync(
                HostUrl.Join(client.Settings.ApiUrl, $"{owner.ListingPath}?page=1&limit=1"),
                cancellationToken
            );
            if (!isDestination)
            {
                return ([new(DiagnosticLevel.Ok, Owner, $"{owner.Login} is {KindOf(owner)}; its repositories are listed.")], true);
            }

            var right = await LookAtRightAsync(owner, cancellationToken);
            var quota = await new GiteaQuotaCheck(client).RunAsync(owner, cancellationToken);
            return (quota is null ? [right] : [right, quota], right.Level != DiagnosticLevel.Problem);
        }
        catch (HostException e) when (e.Failure.Kind is HostFailureKind.NotFound or HostFailureKind.Forbidden)
        {
            var check = e.Failure.Kind == HostFailureKind.NotFound ? Owner : Scopes;
            return ([new(DiagnosticLevel.Problem, check, e.Message, e.Failure.Hint)], false);
        }
    }

    private static string KindOf(GiteaOwner owner) =>
        owner.IsOrganization ? "an organisation"
        : owner.IsSelf ? "the token's own user"
        : "another user than the token's";

    private async Task<Diagnostic> LookAtRightAsync(GiteaOwner owner, CancellationToken cancellationToken)
    {
        if (owner.IsSelf)
        {
            return new(DiagnosticLevel.Ok, Owner, $"Repositories are created for {owner.Login}, the token's own user.");
        }

        if (!owner.IsOrganization)
        {
            var failure = NoPlace(client.Settings, owner);
            return new(DiagnosticLevel.Problem, Owner, failure.Message, failure.Failure.Hint);
        }

        var user = await client.UserAsync(cancellationToken);
        var permissions = user?.Login is not { } login
            ? null
            : await RestAnswer.OrNothingAsync(
                () => client.Api.GetPermissionsAsync(HostUrl.RequireSegment(login), HostUrl.RequireSegment(owner.Login), cancellationToken),
                HostFailureKind.Forbidden
            );
        return permissions?.CanCreateRepository switch
        {
            true => new(DiagnosticLevel.Ok, Owner, $"{user!.Login} may create repositories in the organisation {owner.Login}."),
            false => new(
                DiagnosticLevel.Problem,
                Owner,
                $"{user!.Login} may not create repositories in the organisation {owner.Login}.",
                $"Put {user.Login} into a team of {owner.Login} that may create repositories (Organisation > Teams > Edit > Create repositories)."
            ),
            null => new(
                DiagnosticLevel.NotChecked,
                Owner,
                $"Not checked, because the host does not tell it to {Credential}: whether repositories may be created in {owner.Login}.",
                "The first run shows it; begin with one repository (input repositories)."
            ),
        };
    }
}
