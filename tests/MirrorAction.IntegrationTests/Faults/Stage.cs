using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>The conversations of a run, in their order.</summary>
public enum Stage
{
    /// <summary>GitHub's listing.</summary>
    ListSource,

    /// <summary>Bitbucket's listing.</summary>
    ListDestination,

    /// <summary>A missing repository is created.</summary>
    Create,

    /// <summary>The source's refs.</summary>
    LsRefs,

    /// <summary>The destination's refs.</summary>
    Advertisement,

    /// <summary>Commits alone, to find out what moved forward.</summary>
    Ancestry,

    /// <summary>Whether the source knows what is to be overwritten.</summary>
    Origins,

    /// <summary>The push that keeps old values, with its answer.</summary>
    Keep,

    /// <summary>The pack.</summary>
    Fetch,

    /// <summary>The pack, too large to be held in memory.</summary>
    FetchLarge,

    /// <summary>A push that fits into one write.</summary>
    PushSmall,

    /// <summary>A push with a length on a connection of its own.</summary>
    PushMedium,

    /// <summary>The push of nothing that goes before a large one.</summary>
    Probe,

    /// <summary>A push in chunks.</summary>
    PushLarge,

    /// <summary>The answer to a push that landed.</summary>
    Report,

    /// <summary>The destination's refs after the push.</summary>
    ReRead,

    /// <summary>The destination's main branch.</summary>
    MainBranch,

    /// <summary>The description that a restored repository gets back in the end.</summary>
    Description,

    /// <summary>The description that says of an empty repository that its restore has begun.</summary>
    MarkAsRestoring,

    /// <summary>The mirror's refs, asked as those of a source.</summary>
    MirrorRefs,

    /// <summary>The source's pack, of which only the header is read.</summary>
    PackHeader,

    /// <summary>The mirror's pack, only read.</summary>
    MirrorPack,

    /// <summary>The mirror's pack, many packets long.</summary>
    MirrorPackLarge,

    /// <summary>A pack for one who has most of it.</summary>
    FetchThin,

    /// <summary>Whether LFS is used: the folders of the last commit.</summary>
    LfsUse,

    /// <summary>Which objects of LFS the destination lacks, and where they go.</summary>
    LfsUploadBatch,

    /// <summary>Where the source has them.</summary>
    LfsDownloadBatch,

    /// <summary>An object, from the source.</summary>
    LfsDownload,

    /// <summary>An object, to the destination.</summary>
    LfsUpload,

    /// <summary>Whether it has arrived.</summary>
    LfsVerify,

    /// <summary>The refs of a wiki, or that there are none.</summary>
    WikiRefs,

    /// <summary>The refs of a wiki's mirror.</summary>
    WikiAdvertisement,

    /// <summary>The push of a wiki.</summary>
    WikiPush,

    /// <summary>A mirror gets the new name of its source.</summary>
    Rename,
}

/// <summary>What is known of each stage.</summary>
internal static class StageFacts
{
    public static bool IsRest(this Stage stage) =>
        stage is Stage.ListSource or Stage.ListDestination or Stage.Create or Stage.Rename || stage.IsUnread();

    /// <summary>A REST call of whose answer only the status counts.</summary>
    public static bool IsUnread(this Stage stage) => stage is Stage.MainBranch or Stage.Description or Stage.MarkAsRestoring;

    public static bool IsSource(this Stage stage) =>
        stage is Stage.ListSource or Stage.LsRefs or Stage.Ancestry or Stage.Origins or Stage.LfsDownloadBatch or Stage.LfsDownload or Stage.WikiRefs
        || stage.IsFetch();

    /// <summary>A conversation about objects of LFS.</summary>
    public static bool IsLfs(this Stage stage) => stage is >= Stage.LfsUploadBatch and <= Stage.LfsVerify;

    /// <summary>A question to the batch API, whose answer is JSON.</summary>
    public static bool IsLfsBatch(this Stage stage) => stage is Stage.LfsUploadBatch or Stage.LfsDownloadBatch;

    /// <summary>A conversation about a wiki.</summary>
    public static bool IsWiki(this Stage stage) => stage is >= Stage.WikiRefs and <= Stage.WikiPush;

    /// <summary>The source's pack.</summary>
    public static bool IsFetch(this Stage stage) => stage is Stage.Fetch or Stage.FetchLarge or Stage.FetchThin or Stage.PackHeader or Stage.LfsUse;

    /// <summary>The answer holds a pack.</summary>
    public static bool IsPack(this Stage stage) => stage.IsFetch() || stage is Stage.Ancestry or Stage.MirrorPack or Stage.MirrorPackLarge;

    public static bool IsPush(this Stage stage) =>
        stage is Stage.Keep or Stage.PushSmall or Stage.PushMedium or Stage.PushLarge or Stage.WikiPush or Stage.LfsUpload;

    /// <summary>The request carries something.</summary>
    public static bool HasBody(this Stage stage) =>
        stage
            is not (Stage.ListSource or Stage.ListDestination or Stage.Advertisement or Stage.ReRead or Stage.LfsDownload or Stage.WikiAdvertisement);

    /// <summary>More than a few bytes are needed to get there.</summary>
    public static bool IsLarge(this Stage stage) =>
        stage is Stage.PushMedium or Stage.PushLarge or Stage.FetchLarge or Stage.Probe or Stage.MirrorPackLarge or Stage.LfsUse;

    /// <summary>Which request of a mirror run of the usual pair it is, and the how manieth of its kind.</summary>
    public static (Func<HttpHead, bool> Which, int Nth) Requests(this Stage stage) =>
        stage.Requests(new HostRequests("github", "acme"), new HostRequests("bitbucket", "acme-mirror"));

    /// <summary>Which request of a mirror run it is, and the how manieth of its kind; as a rule it is the same one of other commands.</summary>
    public static (Func<HttpHead, bool> Which, int Nth) Requests(this Stage stage, HostRequests source, HostRequests destination) =>
        stage switch
        {
            Stage.ListSource => (source.IsListing, 1),
            Stage.ListDestination => (destination.IsListing, 1),
            Stage.Create => (destination.IsCreation, 1),
            Stage.Rename => (destination.IsChange, 1),
            Stage.LfsUploadBatch or Stage.LfsDownloadBatch => (h => h.Path.EndsWith("/info/lfs/objects/batch", StringComparison.Ordinal), 1),
            Stage.LfsDownload => (h => h.Method == "GET" && IsLfsLink(h), 1),
            Stage.LfsUpload => (h => h.Method == "PUT" && IsLfsLink(h), 1),
            Stage.LfsVerify => (h => h.Method == "POST" && IsLfsLink(h), 1),
            Stage.WikiRefs => (h => IsUploadPack(h) && IsOfWiki(h), 1),
            Stage.WikiAdvertisement => (h => IsAdvertisement(h) && IsOfWiki(h), 1),
            Stage.WikiPush => (h => IsReceivePack(h) && IsOfWiki(h), 1),
            Stage.LsRefs or Stage.MirrorRefs => (IsUploadPack, 1),
            Stage.Fetch or Stage.FetchLarge or Stage.PackHeader => (IsUploadPack, 2), // After the listing.
            Stage.Ancestry => (IsUploadPack, 3), // For the rewritten branch: the pack proves the other.
            Stage.FetchThin or Stage.MirrorPack or Stage.MirrorPackLarge => (IsUploadPack, 3), // After the listing, and the question about LFS.
            Stage.Origins => (IsUploadPack, 4),
            Stage.LfsUse => (IsUploadPack, 5), // Where the pack is too large to tell: after two requests for commits, for both branches and for one.
            Stage.Advertisement => (IsAdvertisement, 1),
            Stage.ReRead => (IsAdvertisement, 2),
            Stage.Keep => (IsReceivePack, 1),
            Stage.Probe or Stage.PushSmall or Stage.PushMedium or Stage.Report => (IsReceivePack, 2),
            Stage.PushLarge => (IsReceivePack, 3),
            _ => (destination.IsMainBranch, 1),
        };

    private static bool IsLfsLink(HttpHead head) => head.Path.StartsWith("/-lfs/", StringComparison.Ordinal);

    private static bool IsOfWiki(HttpHead head) => head.Path.Contains(".wiki.git/", StringComparison.Ordinal);

    private static bool IsUploadPack(HttpHead head) => head.Method == "POST" && head.Path.EndsWith("/git-upload-pack", StringComparison.Ordinal);

    internal static bool IsReceivePack(HttpHead head) => head.Method == "POST" && head.Path.EndsWith("/git-receive-pack", StringComparison.Ordinal);

    private static bool IsAdvertisement(HttpHead head) => head.Method == "GET" && head.Path.EndsWith("/info/refs", StringComparison.Ordinal);
}
