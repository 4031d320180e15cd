using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>A workspace of Bitbucket Cloud as the destination. Thread-safe.</summary>
public sealed class BitbucketDestination : IRepositoryDestination
{
    private const string Fields =
        "next,values.slug,values.full_name,values.uuid,values.is_private,values.size,values.mainbranch.name,values.description,"
        + "values.parent.uuid,values.updated_on";

    /// <summary>What is kept of a description: a mark, and words of a person behind it.</summary>
    private const int MaxDescription = 4000;

    private const int MaxUuid = 100;

    private readonly BitbucketOptions _options;
    private readonly ICredentialProvider _credential;
    private readonly BitbucketFailures _failures;
    private readonly RestClient _minter;
    private readonly RestClient _rest;
    private readonly IBitbucketApi _api;
    private readonly IBitbucketApi _once;
    private readonly IBitbucketApi _pages;
    private readonly BitbucketDiagnostics _diagnostics;

    /// <summary>Works over a client that the caller owns; <see cref="RestTransport.CreateClient"/> makes a fitting one.</summary>
    /// <param name="client">Follows no redirect by itself and has no time limit.</param>
    /// <param name="options">Where, which workspace, and by which token.</param>
    /// <param name="time">The clock by which waits and the hourly budget are measured.</param>
    /// <param name="say">Called with what a user should know: waits.</param>
    /// <param name="hide">Called with each secret that is made on the way, before its first use; null for nobody.</param>
    public BitbucketDestination(HttpClient client, BitbucketOptions options, TimeProvider time, Action<string> say, Action<string>? hide = null)
    {
        _options = options;
        _failures = new BitbucketFailures(options);
        _minter = new RestClient(client, BitbucketCredential.MinterProfile(options), time, say);
        _credential = BitbucketCredential.For(options, _minter, time, hide ?? (_ => { }));
        _rest = new RestClient(client, RestOptionsOf(options), time, say);
        _api = RestSerializer.Implement<IBitbucketApi>(_rest.Repeating, options.ApiUrl, BitbucketJson.Default);
        _once = RestSerializer.Implement<IBitbucketApi>(_rest.Once, options.ApiUrl, BitbucketJson.Default);
        _pages = RestSerializer.Implement<IBitbucketApi>(_rest.Pages, options.ApiUrl, BitbucketJson.Default);
        _diagnostics = new BitbucketDiagnostics(options, _api);
    }

    /// <inheritdoc/>
    public HostDefinition Host => BitbucketHost.Definition;

    /// <inheritdoc/>
    public int? RequestsPerHour => _options.RequestsPerHour;

    /// <inheritdoc/>
    public long? MaxPushBytes => _options.MaxPushBytes;

    /// <inheritdoc/>
    public string Workspace => _options.Workspace;

    /// <summary>REST requests sent so far.</summary>
    public long Requests => _rest.Requests + _minter.Requests;

    /// <inheritdoc/>
    public async Task<HostListing<Repository>> ListAsync(CancellationToken cancellationToken)
    {
        var first = HostUrl.Join(_options.ApiUrl, $"repositories/{HostUrl.Segment(Workspace)}?pagelen=100&fields={Fields}");
        var trail = new Pagination(first);
        var entries = new EntryList<BitbucketRepository, Repository>
        {
            Host = "Bitbucket",
            Type = BitbucketJson.Default.BitbucketRepository,
            Convert = Convert,
            KeyOf = repository => repository.Name,
            Identify = entry => (null, SlugOf(entry.Text("slug"), entry.Text("full_name")), null),
            Owner = Workspace,
        };
        for (var url = first; url is not null; )
        {
            using var message = await _pages.GetPageAsync(url, cancellationToken);
            var response = RestResponse.Of(message);
            var page = response.Make(body => JsonPage.ReadObject(body, "values"));
            trail.Count(response, page);
            entries.Add(page);
            url = trail.Follow(page.Next);
        }

        return entries.Listing;
    }

    /// <summary>What the workspace has under a slug, now; null when it has nothing. A renamed repository may answer under its old slug too.</summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    public Task<Repository?> FindAsync(string slug, CancellationToken cancellationToken) =>
        _rest.RetryAsync(token => FindOnceAsync(slug, token), cancellationToken);

    /// <inheritdoc/>
    public async Task<Repository> CreateAsync(NewRepository repository, CancellationToken cancellationToken)
    {
        var project = (repository.Project ?? _options.ProjectKey) is { } key ? new BitbucketProject(key) : null;
        var creation = new BitbucketCreation("git", repository.IsPrivate, repository.Description, project);
        var slug = HostUrl.RequireSegment(repository.Slug);
        return await new RepositoryCreation(_rest.RetryAsync)
        {
            IsPrivate = repository.IsPrivate,
            Ask = async token => Convert(await _once.CreateRepositoryAsync(Workspace, slug, creation, token), slug),
            Find = token => FindOnceAsync(slug, token),
            StatusesOfExisting = [400, 409],
        }.RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task SetMainBranchAsync(string slug, string branch, CancellationToken cancellationToken) =>
        ChangeAsync(slug, new BitbucketChange { Mainbranch = new BitbucketBranch(branch, "branch") }, cancellationToken);

    /// <inheritdoc/>
    public async Task<Visibility> SetVisibilityAsync(string slug, bool isPrivate, CancellationToken cancellationToken)
    {
        using var changed = await SendAsync(slug, new BitbucketChange { IsPrivate = isPrivate }, cancellationToken);
        return Repository.VisibilityOf(
            RestResponse.Of(changed).Make(body => JsonForm.Read(body, BitbucketJson.Default.BitbucketRepository)).IsPrivate
        );
    }

    /// <inheritdoc/>
    public Task SetDescriptionAsync(string slug, string description, CancellationToken cancellationToken) =>
        ChangeAsync(slug, new BitbucketChange { Description = description }, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>By the UUID: under a slug that is not there a change would create a repository.</remarks>
    public Task<Repository> RenameAsync(Repository repository, string slug, string description, CancellationToken cancellationToken) =>
        RepositoryRename.RunAsync(
            repository,
            async token =>
            {
                var change = new BitbucketChange { Name = HostUrl.RequireSegment(slug), Description = description };
                using var changed = await SendAsync(repository.Id == repository.FullName ? repository.Name : $"{{{repository.Id}}}", change, token);
                return Convert(RestResponse.Of(changed).Make(body => JsonForm.Read(body, BitbucketJson.Default.BitbucketRepository)), slug);
            },
            token => FindOnceAsync(slug, token),
            cancellationToken
        );

    /// <inheritdoc/>
    public string SlugFor(string name) => BitbucketSlug.For(name);

    /// <inheritdoc/>
    public string? FormerSlugFor(string name) => BitbucketSlug.FormerFor(name);

    /// <inheritdoc/>
    public Repository Describe(string slug)
    {
        var web = HostUrl.Join(_options.GitUrl, $"{HostUrl.Segment(Workspace)}/{HostUrl.Segment(slug)}");
        return new Repository
        {
            Owner = Workspace,
            Name = slug,
            Visibility = Visibility.Private,
            GitUrl = new Uri(web.AbsoluteUri + ".git"),
            HostName = Host.NameAt(web),
            WebUrl = web,
        };
    }

    /// <inheritdoc/>
    public ICredentialProvider GitCredentials => new GitCredentials(_credential, BitbucketCredential.GitUser(_options));

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => _failures.Explain(status, text);

    /// <inheritdoc/>
    public Task<HostDiagnostics> ExamineAsync(IReadOnlyCollection<string> projects, CancellationToken cancellationToken) =>
        _diagnostics.RunAsync(projects, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Diagnostic>> ExamineMirrorsAsync(IReadOnlyList<Repository> mirrors, CancellationToken cancellationToken) =>
        _diagnostics.RunMirrorsAsync(mirrors, cancellationToken);

    private Task<Repository?> FindOnceAsync(string slug, CancellationToken cancellationToken) =>
        RestAnswer.OrNothingAsync<Repository>(async () =>
            Convert(await _once.GetRepositoryAsync(Workspace, HostUrl.RequireSegment(slug), cancellationToken), slug)
        );

    private async Task ChangeAsync(string slug, BitbucketChange change, CancellationToken cancellationToken)
    {
        using var changed = await SendAsync(slug, change, cancellationToken);
    }

    // PUT would create what is not there; it is only called on what is.
    private Task<HttpResponseMessage> SendAsync(string slug, BitbucketChange change, CancellationToken cancellationToken) =>
        _api.ChangeRepositoryAsync(Workspace, HostUrl.RequireSegment(slug), change, cancellationToken);

    /// <summary>The official description of the interface lacks <c>slug</c>.</summary>
    private static string? SlugOf(string? slug, string? fullName) => slug ?? fullName?.Split('/')[^1];

    private Repository Convert(BitbucketRepository? entry, string slug)
    {
        try
        {
            entry = entry ?? throw new FormatException("there is nothing in it");
            return Convert(SlugOf(entry.Slug, entry.FullName) is null ? entry with { Slug = slug } : entry);
        }
        catch (FormatException e)
        {
            throw RestResponse.NotUnderstood($"Bitbucket: the request for {Workspace}/{slug}", e.Message);
        }
    }

    private Repository Convert(BitbucketRepository entry)
    {
        var slug = EntryForm.Name("slug", SlugOf(entry.Slug, entry.FullName));
        var owner = entry.FullName?.Split('/') is [{ Length: > 0 } workspace, _] && TextSanitizer.IsClean(workspace) ? workspace : Workspace;
        return Describe(slug) with
        {
            // The UUID without its braces; a repository without one goes by its path.
            Id = IdOf(entry.Uuid) ?? $"{owner}/{slug}",
            Owner = owner,
            Description = entry.Description is { Length: > MaxDescription } text ? text[..MaxDescription] : entry.Description ?? "",
            Visibility = Repository.VisibilityOf(entry.IsPrivate),
            IsFork = entry.Parent is not null,
            DefaultBranch = EntryForm.Branch("mainbranch", entry.Mainbranch?.Name),
            SizeBytes = EntryForm.Size("size", entry.Size, unit: 1),
            UpdatedAt = EntryForm.Time(entry.UpdatedOn),
        };
    }

    private static string? IdOf(string? uuid) =>
        uuid is { Length: > MaxUuid } ? throw new FormatException("its field 'uuid' is too long")
        : uuid?.Trim('{', '}') is { Length: > 0 } id ? id.ToLowerInvariant()
        : null;

    private RestOptions RestOptionsOf(BitbucketOptions options) =>
        new()
        {
            Name = "Bitbucket",
            Credential = _credential,
            Headers = [("Accept", "application/json")],
            RequestIdHeader = "X-Request-Id",
            ReadMessage = body => BitbucketError.TryRead(body)?.Message,
            Explain = _failures.Explain,
            RepeatsUnauthorized = true,
            RequestsPerHour = options.OwnRequestsPerHour ?? options.RequestsPerHour,
            IdleTimeout = options.IdleTimeout,
            Deadline = options.Deadline,
        };
}
