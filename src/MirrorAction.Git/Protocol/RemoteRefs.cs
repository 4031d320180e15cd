using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>What a source lists. Immutable.</summary>
public sealed class RemoteRefs
{
    internal RemoteRefs(IReadOnlyDictionary<RefName, ObjectId> refs, RefName? head, ObjectFormat objectFormat, CapabilityList? v0)
    {
        Refs = refs;
        Head = head;
        ObjectFormat = objectFormat;
        V0Capabilities = v0;
    }

    /// <summary>Refs by name. A server may list more than it was asked for; <c>HEAD</c> is not among them.</summary>
    public IReadOnlyDictionary<RefName, ObjectId> Refs { get; }

    /// <summary>The branch that <c>HEAD</c> points to; null when it points to none, or the server does not say.</summary>
    public RefName? Head { get; }

    /// <summary>The hash of the repository.</summary>
    public ObjectFormat ObjectFormat { get; }

    /// <summary>Capabilities of a server that knows protocol v0 only; null where v2 is spoken.</summary>
    internal CapabilityList? V0Capabilities { get; }
}
