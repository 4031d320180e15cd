using System.Globalization;
using System.Text.Json;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>A repository as the host lists it. Immutable.</summary>
/// <param name="Repository">What the source makes of it.</param>
/// <param name="IsEmpty">It has no branch yet.</param>
/// <param name="Refusal">Why it takes no push; null where nothing is known.</param>
/// <param name="RunsActions">Workflows that are pushed to it run.</param>
/// <param name="IsHidden">Whether the repository itself is private, which an owner whom few see does not make it; null where it does not say.</param>
internal sealed record GiteaEntry(HostedRepository Repository, bool IsEmpty, string? Refusal, bool RunsActions, bool? IsHidden)
{
    /// <summary>Whether the wiki is switched on and has pages; null where the host does not say: Gitea tells of no pages.</summary>
    public bool? TakesWiki { get; init; }

    /// <summary>Checks an entry and reads it.</summary>
    /// <param name="entry">The host's form of it.</param>
    /// <param name="listedOwner">Whose it is where it does not say.</param>
    /// <param name="client">Knows where the host is.</param>
    /// <exception cref="FormatException">Something of it is impossible.</exception>
    public static GiteaEntry Read(GiteaRepository entry, string listedOwner, GiteaClient client)
    {
        var name = EntryForm.Name("name", entry.Name);
        var owner = entry.Owner?.Login is { Length: > 0 } login && TextSanitizer.IsClean(login) && !login.Contains('/') ? login : listedOwner;
        var isPrivate = IsPrivate(entry);
        var web = client.WebUrlOf(owner, name);
        var repository = new HostedRepository
        {
            Id = EntryForm.Id("id", entry.Id),
            Owner = owner,
            Name = name,
            Description = TextSanitizer.Clean(entry.Description, GiteaClient.MaxDescription),
            IsPrivate = isPrivate ?? true,
            IsVisibilityKnown = isPrivate is not null,
            IsFork = entry.Fork ?? false,
            IsArchived = entry.Archived ?? false,

            // A wiki elsewhere, or one that has no page yet (as Forgejo tells), is none that could be fetched.
            HasWiki = entry is { HasWiki: true, ExternalWiki.ValueKind: not JsonValueKind.Object, HasWikiContents: not false },
            DefaultBranch = EntryForm.Branch("default_branch", entry.DefaultBranch),
            SizeKiB = EntryForm.Size("size", entry.Size, unit: 1024) ?? 0,
            UpdatedAt = EntryForm.Time(entry.UpdatedAt),
            GitUrl = new Uri(web.AbsoluteUri + ".git"),
            HostName = GiteaHost.Definition.NameAt(web),
            WebUrl = web,
        };
        var refusal =
            entry.Mirror == true ? GiteaFailures.OfPullMirrors
            : entry.Archived == true ? GiteaFailures.OfArchived
            : null;
        return new(repository, entry.Empty ?? false, refusal, entry.HasActions ?? false, entry.Private)
        {
            TakesWiki = entry.HasWiki == false ? false : entry.HasWikiContents,
        };
    }

    /// <summary>What can be read of an entry of which nothing can be made.</summary>
    public static (string? Owner, string? Name, string? Id) Identify(JsonElement entry)
    {
        var owner = entry.TryGetProperty("owner", out var account) ? account.Text("login") : null;
        return (owner, entry.Text("name"), entry.Number("id") is > 0 and var id ? id.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>What the destination makes of it.</summary>
    public DestinationRepository ToDestination() =>
        new()
        {
            Slug = Repository.Name,
            FullName = Repository.FullName,
            Uuid = Repository.Id,
            Description = Repository.Description,
            IsPrivate = IsHidden,
            TakesWiki = TakesWiki,
            MainBranch = IsEmpty ? null : Repository.DefaultBranch,
            SizeBytes = Repository.SizeKiB * 1024,
            UpdatedAt = Repository.UpdatedAt,
            Refusal = Refusal,
            GitUrl = Repository.GitUrl,
            WebUrl = Repository.WebUrl,
        };

    /// <summary>
    /// A public repository of an owner that only some see is not for everyone. Null where the host did not say, and where it says a word of the owner
    /// that is not known.
    /// </summary>
    private static bool? IsPrivate(GiteaRepository entry) =>
        entry switch
        {
            { Private: true } or { Internal: true } => true,
            { Private: null } => null,
            _ => entry.Owner?.Visibility switch
            {
                null or "" or "public" => false,
                "limited" or "private" => true,
                _ => null,
            },
        };
}
