using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MirrorAction.Hosts.Http;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>A workspace of Bitbucket Cloud as the destination. Thread-safe.</summary>
public sealed class BitbucketClient : IRepositoryDestination, IDestinationDiagnostics
{
    private const string Fields =
        "next,values.slug,values.full_name,values.uuid,values.is_private,values.size,values.mainbranch.name,values.description";

    /// <summary>What is kept of a description: a mark, and words of a person behind it.</summary>
    private const int MaxDescription = 4000;

    private const int MaxUuid = 100;

    private readonly BitbucketOptions _options;
    private readonly IHostCredential _credential;
    private readonly BitbucketFailures _failures;
    private readonly HostHttp _minter;
    private readonly HostHttp _http;
    private readonly BitbucketDiagnostics _examination;

    /// <summary>Works over a client that the caller owns; <see cref="RestTransport.CreateClient"/> makes a fitting one.</summary>
    /// <param name="client">Follows no redirect by itself and has no time limit.</param>
    /// <param name="options">Where, which workspace, and by which token.</param>
    /// <param name="time">The clock by which waits and the hourly budget are measured.</param>
    /// <param name="say">Is told what a user should know: waits.</param>
    /// <param name="hide">Is told of each secret that is made on the way, before its first use; null for nobody.</param>
    public BitbucketClient(HttpClient client, BitbucketOptions options, TimeProvider time, Action<string> say, Action<string>? hide = null)
    {
        _options = options;
        _failures = new BitbucketFailures(options);
        _minter = new HostHttp(client, BitbucketCredential.MinterProfile(options), time, say);
        _credential = BitbucketCredential.For(options, _minter, time, hide ?? (_ => { }));
        _http = new HostHttp(client, Profile(), time, say);
        _examination = new BitbucketDiagnostics(
            options,
            (_, path, token) => _http.SendAsync(HttpMethod.Get, HostUrl.Join(options.ApiUrl, path), null, token)
        );
    }

    /// <inheritdoc/>
    public string Host => "bitbucket";

    /// <inheritdoc/>
    public int? RequestsPerHour => _options.RequestsPerHour;

    /// <inheritdoc/>
    public long? MaxPushBytes => _options.MaxPushBytes;

    /// <inheritdoc/>
    public string Workspace => _options.Workspace;

    /// <summary>REST requests sent so far.</summary>
    public long Requests => _http.Requests + _minter.Requests;

    /// <inheritdoc/>
    public async Task<HostListing<DestinationRepository>> ListAsync(CancellationToken cancellationToken)
    {
        var first = HostUrl.Join(_options.ApiUrl, $"repositories/{HostUrl.Segment(Workspace)}?pagelen=100&fields={Fields}");
        var trail = new Pagination(first);
        var entries = new EntryList<BitbucketRepository, DestinationRepository>
        {
            Host = "Bitbucket",
            Type = BitbucketJson.Default.BitbucketRepository,
            Convert = Convert,
            KeyOf = repository => repository.Slug,
            Identify = entry => (null, SlugOf(entry.Text("slug"), entry.Text("full_name")), null),
            Owner = Workspace,
        };
        for (var url = first; url is not null; )
        {
            var answer = await _http.GetPageAsync(url, cancellationToken);
            var page = JsonPage.Read(answer, "values");
            trail.Count(answer, page);
            entries.Add(page);
            url = trail.Follow(page.Next);
        }

        return entries.Listing;
    }

    /// <summary>What the workspace has under a slug, now; null when it has nothing. A renamed repository may answer under its old slug too.</summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    public Task<DestinationRepository?> FindAsync(string slug, CancellationToken cancellationToken) =>
        _http.RetryAsync(token => FindAsync(RepositoryUrl(slug), token), cancellationToken);

    /// <inheritdoc/>
    public async Task<DestinationRepository> CreateAsync(NewRepository repository, CancellationToken cancellationToken)
    {
        var url = RepositoryUrl(repository.Slug);
        var project = (repository.Project ?? _options.ProjectKey) is { } key ? new BitbucketProject(key) : null;
        var body = Json(new BitbucketCreation("git", repository.IsPrivate, repository.Description, project), BitbucketJson.Default.BitbucketCreation);
        return await new RepositoryCreation(_http)
        {
            Ask = async token =>
            {
                var answer = await _http.SendOnceAsync(HttpMethod.Post, url, body, token);
                return answer.Read(BitbucketJson.Default.BitbucketRepository, Convert);
            },
            Find = token => FindAsync(url, token),
            StatusesOfExisting = [400, 409],
        }.RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task SetMainBranchAsync(string slug, string branch, CancellationToken cancellationToken) =>
        ChangeAsync(slug, new BitbucketChange { Mainbranch = new BitbucketBranch(branch, "branch") }, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> SetVisibilityAsync(string slug, bool isPrivate, CancellationToken cancellationToken)
    {
        var answer = await ChangeAsync(slug, new BitbucketChange { IsPrivate = isPrivate }, cancellationToken);
        return answer.Read(BitbucketJson.Default.BitbucketRepository).IsPrivate == true;
    }

    /// <inheritdoc/>
    public Task SetDescriptionAsync(string slug, string description, CancellationToken cancellationToken) =>
        ChangeAsync(slug, new BitbucketChange { Description = description }, cancellationToken);

    /// <inheritdoc/>
    public string SlugFor(string name) => RepositorySlug.For(name);

    /// <inheritdoc/>
    public string? FormerSlugFor(string name) => RepositorySlug.FormerFor(name);

    /// <inheritdoc/>
    public DestinationRepository Describe(string slug)
    {
        var web = HostUrl.Join(_options.GitUrl, $"{HostUrl.Segment(Workspace)}/{HostUrl.Segment(slug)}");
        return new DestinationRepository
        {
            Slug = slug,
            FullName = $"{Workspace}/{slug}",
            IsPrivate = true,
            GitUrl = new Uri(web.AbsoluteUri + ".git"),
            WebUrl = web,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<GitLogin?> GetGitLoginAsync(CancellationToken cancellationToken) =>
        await _credential.GetAsync(cancellationToken) is { } authorization
            ? new GitLogin(BitbucketCredential.GitUser(_options), authorization.Secret)
            : null;

    /// <inheritdoc/>
    public bool RefuseGitLogin(GitLogin login) => _credential.Refuse(login.Secret);

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => _failures.Explain(status, text);

    /// <inheritdoc/>
    public Task<HostDiagnostics> ExamineAsync(IReadOnlyCollection<string> projects, CancellationToken cancellationToken) =>
        _examination.RunAsync(projects, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Diagnostic>> ExamineMirrorsAsync(IReadOnlyList<DestinationRepository> mirrors, CancellationToken cancellationToken) =>
        _examination.RunMirrorsAsync(mirrors, cancellationToken);

    private async Task<DestinationRepository?> FindAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _http.SendOnceAsync(HttpMethod.Get, url, null, cancellationToken);
            return answer.Read(BitbucketJson.Default.BitbucketRepository, Convert);
        }
        catch (HostException e) when (e.Status == 404 && !e.IsTransient)
        {
            return null;
        }
    }

    // PUT would create what is not there; it is only called on what is.
    private Task<HostAnswer> ChangeAsync(string slug, BitbucketChange change, CancellationToken cancellationToken) =>
        _http.SendAsync(HttpMethod.Put, RepositoryUrl(slug), Json(change, BitbucketJson.Default.BitbucketChange), cancellationToken);

    private Uri RepositoryUrl(string slug) => HostUrl.Join(_options.ApiUrl, $"repositories/{HostUrl.Segment(Workspace)}/{HostUrl.Segment(slug)}");

    private static byte[] Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    /// <summary>The official description of the interface lacks <c>slug</c>.</summary>
    private static string? SlugOf(string? slug, string? fullName) => slug ?? fullName?.Split('/')[^1];

    private DestinationRepository Convert(BitbucketRepository entry)
    {
        var slug = EntryForm.Name("slug", SlugOf(entry.Slug, entry.FullName));
        var described = Describe(slug);
        return described with
        {
            FullName = entry.FullName is { Length: > 0 } fullName && HostText.IsClean(fullName) ? fullName : described.FullName,
            Uuid = entry.Uuid is null or { Length: <= MaxUuid } ? entry.Uuid : throw new FormatException("its field 'uuid' is too long"),
            Description = entry.Description is { Length: > MaxDescription } text ? text[..MaxDescription] : entry.Description ?? "",
            IsPrivate = entry.IsPrivate,
            MainBranch = EntryForm.Branch("mainbranch", entry.Mainbranch?.Name),
            SizeBytes = EntryForm.Size("size", entry.Size, unit: 1),
        };
    }

    private HostProfile Profile() =>
        new()
        {
            Name = "Bitbucket",
            Credential = _credential,
            Headers = [("Accept", "application/json")],
            RequestIdHeader = "X-Request-Id",
            ReadMessage = body => BitbucketError.TryRead(body)?.Message,
            Explain = _failures.Explain,
            RepeatsUnauthorized = true,
            RequestsPerHour = _options.OwnRequestsPerHour ?? _options.RequestsPerHour,
            IdleTimeout = _options.IdleTimeout,
            Deadline = _options.Deadline,
        };
}
