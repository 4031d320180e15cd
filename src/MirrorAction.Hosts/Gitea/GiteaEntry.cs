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
