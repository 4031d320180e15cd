namespace MirrorAction.Tests.Hostile;

/// <summary>A decoder under attack.</summary>
/// <param name="Name">What a failure is reported under.</param>
/// <param name="Seeds">Good messages to start from.</param>
/// <param name="Decode">Decodes on this thread. May return, or throw what <paramref name="Documented"/> allows; asserts on its result what has to
/// hold.</param>
/// <param name="Documented">Whether an exception is one that the decoder says it throws.</param>
/// <param name="MaxExpansion">Bytes that it may allocate for a byte of input, beside <see cref="FuzzRun.FreeBytes"/>.</param>
internal sealed record FuzzTarget(
    string Name,
    IReadOnlyList<byte[]> Seeds,
    Action<byte[]> Decode,
    Func<Exception, bool> Documented,
    int MaxExpansion = 64
);
