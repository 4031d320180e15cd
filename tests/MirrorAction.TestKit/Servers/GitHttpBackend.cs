using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>git's own server, <c>git http-backend</c>, behind Kestrel: the reference for protocol versions 0 and 2 and for pushes.</summary>
public sealed class GitHttpBackend : IGitServer
{
    private readonly TempFolder? _ownFolder;
    private LoopbackServer _server = null!;

    private GitHttpBackend(string? folder)
    {
        _ownFolder = folder is null ? new TempFolder("mirror-git-") : null;
        Folder = folder ?? _ownFolder!.Path;
    }

    /// <inheritdoc/>
    public string Folder { get; }

    /// <summary>The root, ending with a slash.</summary>
    public Uri Url => _server.Url;

    /// <inheritdoc/>
    public IReadOnlyList<RecordedRequest> Requests => _server.Requests;

    /// <summary>Who may fetch; null for everyone.</summary>
    public BasicLogin? ReadLogin { get; set; }

    /// <summary>Who may push; null for everyone who may fetch.</summary>
    public BasicLogin? WriteLogin { get; set; }

    /// <summary>Goes round every answer; null for none. The place for faults.</summary>
    public Interception? Intercept
    {
        get => _server.Intercept;
        set => _server.Intercept = value;
    }

    /// <summary>
    /// Settings of git for all repositories, such as <c>receive.unpackLimit</c>; those of one repository belong into its own configuration.
    /// </summary>
    public IDictionary<string, string> Configuration { get; } =
        new Dictionary<string, string>
        {
            ["http.receivepack"] = "true",
            ["uploadpack.allowFilter"] = "true",
            ["uploadpack.allowAnySHA1InWant"] = "true",
        };

    /// <summary>False for a server that knows no protocol later than version 0.</summary>
    public bool SpeaksV2 { get; set; } = true;

    /// <summary>Starts serving a folder; without one, a temporary folder that goes away with the server.</summary>
    public static async Task<GitHttpBackend> StartAsync(string? folder = null)
    {
        var backend = new GitHttpBackend(folder);
        backend._server = await LoopbackServer.StartAsync(backend.ServeAsync);
        return backend;
    }

    /// <inheritdoc/>
    public Uri UrlOf(string repository) => new(Url, $"{repository}.git");

    /// <summary>Creates an empty repository that can be fetched from and pushed to.</summary>
    public GitRepository Create(string repository, string objectFormat = "sha1") =>
        GitRepository.Init(Path.Combine(Folder, repository + ".git"), bare: true, objectFormat);

    /// <summary>Forgets the requests recorded so far.</summary>
    public void ClearRequests() => _server.ClearRequests();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _ownFolder?.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var login = BasicLogin.Parse(context.Request.Headers.Authorization);
        var required = context.Request.IsPush() ? WriteLogin ?? ReadLogin : ReadLogin;
        if (required is not null && login != required && (context.Request.IsPush() || login != WriteLogin || login is null))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
            await context.Response.TextAsync(StatusCodes.Status401Unauthorized, "Authentication required.");
            return;
        }

        if (!SpeaksV2)
            context.Request.Headers.Remove("Git-Protocol");
        await GitCgi.ServeAsync(context, Folder, context.Request.Path.Value!, login?.User, Configuration);
    }
}
