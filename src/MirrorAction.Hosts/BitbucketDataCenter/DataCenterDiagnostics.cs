using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.BitbucketDataCenter;

/// <summary>What a Data Center tells about itself and the token: a request for itself, and one or two for each project. Only reads.</summary>
/// <param name="client">Asks the server.</param>
internal sealed class DataCenterDiagnostics(DataCenterClient client)
{
    private const string Access = "Data Center access";
    private const string Token = "Data Center token";
    private const string Project = "Data Center project";
    private const string Creation = "Data Center repository creation";

    /// <summary>Looks at reachability, version, identity, projects and the right to create in them.</summary>
    /// <param name="owners">Keys of the projects that are read or written, or <c>~user</c>.</param>
    /// <param name="projects">Projects that rules name for new repositories, of which this host has none within an owner.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<HostDiagnostics> RunAsync(
        IReadOnlyList<string> owners,
        IReadOnlyCollection<string> projects,
        CancellationToken cancellationToken
    )
    {
        List<Diagnostic> findings = [];
        try
        {
            findings.Add(await LookAtServerAsync(cancellationToken));
        }
        catch (HostException e) when (e.Failure.Kind is HostFailureKind.NotFound)
        {
            // What is asked about the projects says whether this is the right address.
            findings.Add(new(DiagnosticLevel.NotChecked, Access, $"{client.Settings.ApiUrl.Authority} answers, but does not tell its version."));
        }
        catch (HostException e)
        {
            var check = e.Failure.Kind is HostFailureKind.Unauthorized ? Token : Access;
            return new([new(DiagnosticLevel.Problem, check, e.Message, e.Failure.Hint)], IsUsable: false);
        }

        findings.Add(await IdentifyAsync(cancellationToken));
        var isUsable = true;
        foreach (var owner in owners)
        {
            try
            {
                findings.AddRange(await LookAtProjectAsync(owner, cancellationToken));
            }
            catch (HostException e)
            {
                findings.Add(
                    new(DiagnosticLevel.Problem, e.Failure.Kind is HostFailureKind.Unauthorized ? Token : Project, e.Message, e.Failure.Hint)
                );
                isUsable = false;
            }
        }

        if (projects.Count > 0)
        {
            findings.Add(
                new(
                    DiagnosticLevel.Warning,
                    Project,
                    $"Rules name projects for new repositories ({NameList.Of([.. projects])}); all repositories go into {owners[0]}.",
                    "Take project out of the rules: with this host the owner is the project."
                )
            );
        }

        return new(findings, isUsable);
    }

    private async Task<Diagnostic> LookAtServerAsync(CancellationToken cancellationToken)
    {
        using var message = await client.Api.GetPropertiesAsync(cancellationToken);
        var response = RestResponse.Of(message);
        client.Login.Learn(response.Header(DataCenterGitLogin.Header));
        var properties = response.Make(body => JsonForm.Read(body, DataCenterJson.Default.DataCenterProperties));
        var version = TextSanitizer.Clean(properties.Version, 50);
        return new(
            DiagnosticLevel.Ok,
            Access,
            $"{client.Settings.ApiUrl.Authority} answers{(version.Length == 0 ? ", without its version" : $"; it is version {version}")}."
        );
    }

    /// <summary>Whose the token is. What it may do and when it expires, a server tells no token.</summary>
    private async Task<Diagnostic> IdentifyAsync(CancellationToken cancellationToken)
    {
        if (client.Settings.Token is null)
        {
            return new(
                client.Settings.Writes ? DiagnosticLevel.Problem : DiagnosticLevel.Warning,
                Token,
                "No token is given: only what everyone may read is seen.",
                "Create an HTTP access token (profile picture > Manage account > HTTP access tokens)."
            );
        }

        const string untold = "Its permissions and its expiry are told on the page HTTP access tokens only.";
        try
        {
            await client.Login.GetAsync(cancellationToken);
        }
        catch (HostException e)
        {
            return new(DiagnosticLevel.Problem, Token, e.Message, e.Failure.Hint);
        }

        return client.Login.User is { } user
            ? new(DiagnosticLevel.Ok, Token, $"It belongs to {user}. {untold}")
            : new(DiagnosticLevel.Ok, Token, $"It belongs to no user: it is a token of a project or repository. {untold}");
    }

    private async Task<IReadOnlyList<Diagnostic>> LookAtProjectAsync(string owner, CancellationToken cancellationToken)
    {
        var project = await client.Api.GetProjectAsync(HostUrl.RequireSegment(owner), cancellationToken);
        var isPublic = project?.Public == true;
        List<Diagnostic> findings =
        [
            isPublic && client.Settings.Writes
                ? new(
                    DiagnosticLevel.Warning,
                    Project,
                    $"{owner} exists and is public: everyone may read every repository in it, so no private source is mirrored there.",
                    "Make the project private (Project settings > Project permissions > Public access), or choose another."
                )
                : new(DiagnosticLevel.Ok, Project, $"{owner} exists{(isPublic ? " and is public" : "")}."),
        ];
        if (client.Settings.Writes)
        {
            findings.Add(await LookAtCreationAsync(owner, cancellationToken));
        }

        return findings;
    }

    private async Task<Diagnostic> LookAtCreationAsync(string owner, CancellationToken cancellationToken)
    {
        if (owner.StartsWith('~'))
        {
            return owner[1..].Equals(client.Login.User, StringComparison.OrdinalIgnoreCase)
                ? new(DiagnosticLevel.Ok, Creation, $"The token's user is {owner}, who may create repositories there.")
                : new(
                    DiagnosticLevel.Warning,
                    Creation,
                    $"The token does not seem to belong to {owner}.",
                    "Only the user itself creates repositories there."
                );
        }

        try
        {
            using var permissions = await client.Api.GetPermissionsAsync(HostUrl.RequireSegment(owner), cancellationToken);
            return new(DiagnosticLevel.Ok, Creation, $"The token may administer {owner}, and so create repositories there.");
        }
        catch (HostException e) when (e.Failure.Kind is HostFailureKind.Forbidden or HostFailureKind.Unauthorized or HostFailureKind.NotFound)
        {
            return new(
                DiagnosticLevel.Warning,
                Creation,
                $"The token may not administer {owner}; whether it may create repositories there is not told.",
                "Give the token Project admin, and its user too, or the user the permission to create repositories (Project settings > Project "
                    + "permissions)."
            );
        }
        catch (HostException e)
        {
            return new(DiagnosticLevel.Warning, Creation, e.Message, e.Failure.Hint);
        }
    }
}
