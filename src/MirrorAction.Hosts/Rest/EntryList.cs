using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Rest;

/// <summary>
/// Makes repositories of the entries of a listing, one by one and each once. An entry of which none can be made is named and spoils no other. Serves
/// one listing.
/// </summary>
/// <typeparam name="TEntry">The host's form of an entry.</typeparam>
/// <typeparam name="T">What is made of it.</typeparam>
internal sealed class EntryList<TEntry, T>
    where TEntry : class
{
    private readonly List<T> _repositories = [];
    private readonly List<UnusableEntry> _unusable = [];
    private readonly HashSet<object> _seen = [];
    private int _count;

    /// <summary>The form of an entry.</summary>
    public required JsonTypeInfo<TEntry> Type { get; init; }

    /// <summary>Makes the repository; throws <see cref="FormatException"/> where it can't.</summary>
    public required Func<TEntry, T> Convert { get; init; }

    /// <summary>
    /// By what a repository is known again. A page boundary moves when one is created or renamed meanwhile: the same one may come twice.
    /// </summary>
    public required Func<T, object> KeyOf { get; init; }

    /// <summary>What can be read of an entry of which no repository can be made: owner, name and id, each null where it can't.</summary>
    public required Func<JsonElement, (string? Owner, string? Name, string? Id)> Identify { get; init; }

    /// <summary>Who lists them, as people call that host.</summary>
    public required string Host { get; init; }

    /// <summary>Whose repositories are listed, as the host spells it.</summary>
    public required string Owner { get; init; }

    /// <summary>What was read.</summary>
    public HostListing<T> Listing => new(_repositories, _unusable);

    /// <summary>Reads the entries of a page.</summary>
    public void Add(JsonPage page)
    {
        foreach (var entry in page.Entries)
        {
            _count++;
            try
            {
                if (entry.Span[0] != '{')
                {
                    throw new FormatException("it is not an object");
                }

                var repository = Convert(JsonForm.Read(entry.Span, Type));
                if (_seen.Add(KeyOf(repository)))
                {
                    _repositories.Add(repository);
                }
            }
            catch (FormatException e)
            {
                AddUnusable(entry, e.Message);
            }
        }
    }

    private void AddUnusable(ReadOnlyMemory<byte> entry, string problem)
    {
        var (owner, name, id) = Look(entry);

        // Never cut: half of a name could be half of a secret.
        var shown = name is { Length: <= TextSanitizer.MaxName } ? TextSanitizer.Clean(name) : "";
        var unusable = new UnusableEntry(
            owner is { Length: > 0 } && TextSanitizer.IsClean(owner) ? owner : Owner,
            shown.Length > 0 ? shown : FormattableString.Invariant($"(entry {_count})"),
            id,
            problem
        )
        {
            Host = Host,
        };
        if (_seen.Add((unusable.Owner, unusable.Name, unusable.Id)))
        {
            _unusable.Add(unusable);
        }
    }

    private (string? Owner, string? Name, string? Id) Look(ReadOnlyMemory<byte> entry)
    {
        try
        {
            using var document = JsonDocument.Parse(entry);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Identify(document.RootElement) : default;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default; // A text that is not even Unicode.
        }
    }
}

/// <summary>Looks into JSON whose form is in doubt.</summary>
internal static class JsonLook
{
    /// <summary>The text of a member; null when there is none.</summary>
    public static string? Text(this JsonElement parent, string member) =>
        Member(parent, member) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The whole number of a member; null when there is none.</summary>
    public static long? Number(this JsonElement parent, string member) =>
        Member(parent, member) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    private static JsonElement? Member(JsonElement parent, string member) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(member, out var value) ? value : null;
}

/// <summary>
/// Holds what a host says of a repository against what can be. Each method gives back what can, or throws <see cref="FormatException"/> whose message
/// names the field; texts are not quoted.
/// </summary>
internal static class EntryForm
{
    /// <summary>Git takes no longer one on common file systems, and neither host comes near.</summary>
    private const int MaxBranch = 1000;

    /// <summary>One exbibyte: a thousand times what the largest host could keep for one repository.</summary>
    private const long MaxBytes = 1L << 60;

    /// <summary>The name of a repository, one segment of an address.</summary>
    public static string Name(string field, string? name) =>
        name is { Length: > 0 } and not ("." or "..") && !name.Contains('/', StringComparison.Ordinal) && TextSanitizer.IsClean(name)
            ? name
            : throw new FormatException($"its field '{field}' is {(string.IsNullOrEmpty(name) ? "missing" : "not the name of a repository")}");

    /// <summary>A number that counts repositories, as text.</summary>
    public static string Id(string field, long? id) =>
        id is > 0 and var number
            ? number.ToString(CultureInfo.InvariantCulture)
            : throw new FormatException($"its field '{field}' is {(id is null ? "missing" : "not above 0")}");

    /// <summary>The name of a branch; null where there is none.</summary>
    public static string? Branch(string field, string? name) =>
        name switch
        {
            null or "" => null,
            { Length: <= MaxBranch } => name,
            _ => throw new FormatException($"its field '{field}' is too long for the name of a branch"),
        };

    /// <summary>A time; null where the host does not say, or not in a form that is known: nothing hangs on it.</summary>
    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>A size in units of so many bytes; null where the host does not say.</summary>
    public static long? Size(string field, long? size, long unit) =>
        size is null || (size >= 0 && size <= MaxBytes / unit)
            ? size
            : throw new FormatException(FormattableString.Invariant($"its field '{field}' is no size: {size}"));
}
