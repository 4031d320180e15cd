using System.Text.Json.Serialization;
using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Backup;

/// <summary>The contents of <c>manifest.json</c>: what a repository is, and the bundles that bring it back. Immutable.</summary>
internal sealed record BackupManifest
{
    /// <summary>The form of this file that the program writes, and the latest that it reads.</summary>
    internal const int CurrentVersion = 2;

    /// <summary>The form of the file.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary><c>owner/name</c> as the host spells it.</summary>
    public required string Repository { get; init; }

    /// <summary>The host's name, such as <c>github</c>.</summary>
    public required string Host { get; init; }

    /// <summary>The host as marks name it, such as <c>github.com</c>; null in manifests of version 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? HostName { get; init; }

    /// <summary>
    /// The owner, whose name <c>repository</c> begins with; a group may have a path of its own. Null in manifests of version 1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Owner { get; init; }

    /// <summary>The host's own id of the repository; it survives renames.</summary>
    [JsonConverter(typeof(NumberOrText))]
    public required string Id { get; init; }

    /// <summary>What its owner says about it; empty when there is nothing.</summary>
    public required string Description { get; init; }

    /// <summary>Not readable by everyone.</summary>
    public required bool Private { get; init; }

    /// <summary>The default branch without <c>refs/heads/</c>; null when there is none.</summary>
    public required string? DefaultBranch { get; init; }

    /// <summary>The hash of the last bundle's objects: <c>sha1</c> or <c>sha256</c>.</summary>
    public required string ObjectFormat { get; init; }

    /// <summary>The chains, oldest first. Each stands for itself.</summary>
    public required IReadOnlyList<BackupChain> Chains { get; init; }

    /// <summary>Files of chains that are no longer kept: deleted, or to be deleted by the next backup.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Its LFS objects; null where they were never looked for, or LFS is not used.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LfsEntries? Lfs { get; init; }

    /// <summary>The host as marks name it; for a manifest of version 1 the usual one of its kind.</summary>
    internal string ServerName => HostName ?? KnownHosts.All.FirstOrDefault(host => host.Kind == Host)?.DefaultUrl?.Host ?? "localhost";

    /// <summary>It may be of this server: a manifest of version 1 does not tell servers of one kind apart.</summary>
    internal bool MayBeOf(string hostName) => HostName is null || HostName == hostName;

    /// <summary>All listed bundles, in the order in which they were made.</summary>
    internal IEnumerable<BundleEntry> Files => Chains.SelectMany(chain => chain.Files);

    /// <summary>This manifest with one bundle more: a full one begins a chain, an incremental one continues the last.</summary>
    internal BackupManifest With(BundleEntry entry) =>
        this with
        {
            Chains =
                entry.Kind == BundleKind.Full
                    ? [.. Chains, new BackupChain([entry])]
                    : [.. Chains.SkipLast(1), new BackupChain([.. Chains[^1].Files, entry])],
        };

    /// <summary>This manifest without its oldest chains; their files are to be deleted.</summary>
    /// <param name="keep">How many stay; null for all.</param>
    internal BackupManifest KeepingLast(int? keep)
    {
        var dropped = Math.Max(Chains.Count - (keep ?? Chains.Count), 0);
        return dropped == 0
            ? this
            : this with
            {
                Chains = [.. Chains.Skip(dropped)],
                Removed = [.. Removed, .. Chains.Take(dropped).SelectMany(chain => chain.Files).Select(entry => entry.File)],
            };
    }
}

/// <summary>A full bundle, and incremental ones that follow it, in order. Immutable.</summary>
internal sealed record BackupChain(IReadOnlyList<BundleEntry> Files);

/// <summary>One bundle file. Immutable.</summary>
internal sealed record BundleEntry
{
    /// <summary>The file's name, in the manifest's folder.</summary>
    public required string File { get; init; }

    /// <summary>What it holds.</summary>
    public required BundleKind Kind { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the whole file, in lower-case hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Objects in its pack.</summary>
    public required long Objects { get; init; }

    /// <summary>Refs in its header, <c>HEAD</c> included.</summary>
    public required int Refs { get; init; }

    /// <summary>Prerequisites in its header.</summary>
    public required int Prerequisites { get; init; }
}
