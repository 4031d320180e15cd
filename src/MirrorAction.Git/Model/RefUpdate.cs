using System.Net;

namespace MirrorAction.Git.Model;

/// <summary>A change that receive-pack is asked to make; it is refused there when the ref no longer has the old value.</summary>
/// <param name="Name">The ref.</param>
/// <param name="Old">Its value now; zero when it does not exist.</param>
/// <param name="New">Its value then; zero to delete it.</param>
public readonly record struct RefUpdate(RefName Name, ObjectId Old, ObjectId New)
{
    /// <summary>The ref does not exist yet.</summary>
    public bool IsCreate => Old.IsZero;

    /// <summary>The ref goes away.</summary>
    public bool IsDelete => New.IsZero;
}

/// <summary>What became of a <see cref="RefUpdate"/>.</summary>
/// <param name="Update">What was asked for.</param>
/// <param name="Status">What happened.</param>
/// <param name="Reason">The server's word, sanitised; empty on success.</param>
public sealed record RefUpdateResult(RefUpdate Update, RefUpdateStatus Status, string Reason)
{
    /// <summary>The HTTP status of a refusal on that level; null when git itself refused.</summary>
    public HttpStatusCode? HttpStatus { get; init; }
}

/// <summary>The outcomes of a <see cref="RefUpdate"/>.</summary>
public enum RefUpdateStatus
{
    /// <summary>The ref has its new value.</summary>
    Ok,

    /// <summary>The ref moved between advertisement and push; nothing was changed. Read again and plan again.</summary>
    RejectedRemoteChanged,

    /// <summary>The server does not delete refs, or not this one.</summary>
    RejectedNoDelete,

    /// <summary>A hook of the server declined, alone or together with others of the same push.</summary>
    RejectedByHook,

    /// <summary>The server refuses an object that the ref needs.</summary>
    RejectedObject,

    /// <summary>What the ref needs is more than the server takes in one push, and can't be divided.</summary>
    RejectedTooLarge,

    /// <summary>Refused for another reason.</summary>
    RejectedOther,

    /// <summary>Its push broke off, also by itself, while those of others did not.</summary>
    BrokenOff,

    /// <summary>The source could not read what the ref needs.</summary>
    Unreadable,

    /// <summary>Not tried: an object of Git LFS that it needs could not be moved.</summary>
    LacksLfsObject,

    /// <summary>
    /// Not refused, for it was never tried by itself: it was refused together with others, and finding out which of them it was about would have
    /// taken too long. Or a deletion, for which the source did not answer well enough.
    /// </summary>
    NotTried,

    /// <summary>The server said nothing about it. Only its refs tell what happened.</summary>
    NotReported,
}
