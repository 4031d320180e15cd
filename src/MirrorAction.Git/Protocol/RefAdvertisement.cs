using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>What a repository has, as its server advertised it. Immutable.</summary>
public sealed class RefAdvertisement
{
    private HashSet<ObjectId>? _objectIds;

    internal RefAdvertisement(IReadOnlyDictionary<RefName, ObjectId> refs, IReadOnlyCollection<ObjectId> haves, CapabilityList capabilities)
    {
        Refs = refs;
        Haves = haves;
        Capabilities = capabilities;
    }

    /// <summary>What a repository that does not exist yet would advertise.</summary>
    public static RefAdvertisement Empty(ObjectFormat format) =>
        new(
            new Dictionary<RefName, ObjectId>(),
            [],
            CapabilityList.ParseV0(System.Text.Encoding.ASCII.GetBytes($"object-format={format.WireName()}"))
        );

    /// <summary>Every ref by its name; <c>HEAD</c> too where the server lists it.</summary>
    public IReadOnlyDictionary<RefName, ObjectId> Refs { get; }

    /// <summary>Objects that the server has without a ref of this repository (<c>.have</c>: alternates, forks).</summary>
    public IReadOnlyCollection<ObjectId> Haves { get; }

    /// <summary>All advertised objects: the server holds each of them with everything it reaches.</summary>
    /// <remarks>Made when it is first asked for: most advertisements are only compared.</remarks>
    public IReadOnlySet<ObjectId> ObjectIds => LazyInitializer.EnsureInitialized(ref _objectIds, () => [.. Refs.Values, .. Haves]);

    /// <summary>The hash of the repository.</summary>
    public ObjectFormat ObjectFormat => Capabilities.ObjectFormat;

    internal CapabilityList Capabilities { get; }
}
