namespace MirrorAction.Git.Model;

/// <summary>A ref and the object it names.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Id">The object; for an annotated tag the tag object, not what it points to.</param>
public readonly record struct Ref(RefName Name, ObjectId Id);
