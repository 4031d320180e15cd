using System.Globalization;
using System.Text.Json;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>A repository as the host lists it. Immutable.</summary>
/// <param name="Repository">What all hosts tell of one.</param>
/// <param name="RunsActions">Workflows that are pushed to it run.</param>
internal sealed record GiteaEntry(Repository Repository, bool RunsActions)
{
    /// <summary>Checks an entry and reads it.</summary>
    /// <param name="entry">The host's form of it.</param>
    /// <param name="listedOwner">Whose it is where it does not say.</param>
    /// <param name="client">Knows where the host is.</param>
    /// <exception cref="FormatException">Something of it is impossible.</exception>
    public static GiteaEntry Read(GiteaRepository entry, string listedOwner, GiteaClient client)
    {
        var name = EntryForm.Name("name", entry.Name);
        var owner = entry.Owner?.Login is { Length: > 0 } login && TextSanitizer.IsClean(login) && !login.Contains('/') ? login : listedOwner;
        var web = client.WebUrlOf(owner, name);
        var repository = new Repository
        {
            Id = EntryForm.Id("id", entry.Id),
            Owner = owner,
            Name = name,
            Description = TextSanitizer.Clean(entry.Description, GiteaClient.MaxDescription),
            Visibility = VisibilityOf(entry),
            IsFork = entry.Fork ?? false,
            IsArchived = entry.Archived ?? false,

            // A wiki elsewhere, or one that has no page yet (as Forgejo tells), is none that could be fetched.
            HasWiki = entry is { HasWiki: true, ExternalWiki.ValueKind: not JsonValueKind.Object, HasWikiContents: not false },

            // Gitea tells of no pages.
            TakesWiki = entry.HasWiki == false ? false : entry.HasWikiContents,
            IsEmpty = entry.Empty ?? false,
            Refusal =
                entry.Mirror == true ? GiteaFailures.OfPullMirrors
                : entry.Archived == true ? GiteaFailures.OfArchived
                : null,
            DefaultBranch = EntryForm.Branch("default_branch", entry.DefaultBranch),
            SizeBytes = EntryForm.Size("size", entry.Size, unit: 1024) * 1024,
            UpdatedAt = EntryForm.Time(entry.UpdatedAt),
            GitUrl = new Uri(web.AbsoluteUri + ".git"),
            HostName = GiteaHost.Definition.NameAt(web),
            WebUrl = web,
        };
        return new(repository, entry.HasActions ?? false);
    }

    /// <summary>What can be read of an entry of which nothing can be made.</summary>
    public static (string? Owner, string? Name, string? Id) Identify(JsonElement entry)
    {
        var owner = entry.TryGetProperty("owner", out var account) ? account.Text("login") : null;
        return (owner, entry.Text("name"), entry.Number("id") is > 0 and var id ? id.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>
    /// A public repository of an owner that only some see is not for everyone. Unknown where the host did not say, and where it says a word of the
    /// owner that is not known.
    /// </summary>
    private static Visibility VisibilityOf(GiteaRepository entry) =>
        entry switch
        {
            { Private: true } => Visibility.Private,
            { Internal: true } => Visibility.Internal,
            { Private: null } => Visibility.Unknown,
            _ => entry.Owner?.Visibility switch
            {
                null or "" or "public" => Visibility.Public,
                "limited" or "private" => Visibility.Internal,
                _ => Visibility.Unknown,
            },
        };
}

/// <summary>A listing as it was read once.</summary>
/// <param name="All">What came.</param>
/// <param name="Total">How many the host counts; 0 where it did not say.</param>
/// <param name="Pages">In how many pages it came.</param>
internal sealed record GiteaListing(HostListing<GiteaEntry> All, long Total, int Pages)
{
    /// <summary>How many came, each once.</summary>
    public int Count => All.Repositories.Count + All.Unusable.Count;

    /// <summary>How many more there should be.</summary>
    public long Hidden => Total - Count;

    /// <summary>Another reading brought the same.</summary>
    public bool IsSameAs(GiteaListing? other) =>
        other is not null
        && other.Total == Total
        && other.All.Unusable.Count == All.Unusable.Count
        && other.All.Repositories.Select(entry => entry.Repository.Id).ToHashSet().SetEquals(All.Repositories.Select(entry => entry.Repository.Id));

    /// <summary>What of it is the owner's.</summary>
    public HostListing<GiteaEntry> For(GiteaOwner owner) =>
        new([.. All.Repositories.Where(entry => owner.Holds(entry.Repository.Owner))], [.. All.Unusable.Where(entry => owner.Holds(entry.Owner))]);
}

/// <summary>Whose repositories are listed and created. Immutable.</summary>
/// <param name="Login">The name, as the host spells it.</param>
/// <param name="ListingPath">Where its repositories are listed.</param>
/// <param name="IsOrganization">An organisation.</param>
/// <param name="IsSelf">The token's own user.</param>
internal sealed record GiteaOwner(string Login, string ListingPath, bool IsOrganization, bool IsSelf)
{
    /// <summary>An organisation.</summary>
    public static GiteaOwner Organization(string login) => new(login, $"orgs/{HostUrl.Segment(login)}/repos", IsOrganization: true, IsSelf: false);

    /// <summary>The token's own user, whose private repositories are listed here only, beside those of others that it may use.</summary>
    public static GiteaOwner Self(string login) => new(login, "user/repos", IsOrganization: false, IsSelf: true);

    /// <summary>Another user.</summary>
    public static GiteaOwner User(string login) => new(login, $"users/{HostUrl.Segment(login)}/repos", IsOrganization: false, IsSelf: false);

    /// <summary>A listed repository is this owner's.</summary>
    public bool Holds(string owner) => owner.Equals(Login, StringComparison.OrdinalIgnoreCase);
}
