using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json.Serialization;
using MirrorAction.Git.Model;
using MirrorAction.Http;

namespace MirrorAction.Git.Lfs;

/// <summary>What a server says of objects, asked by its batch API. Remembers how many objects it takes at a time. Thread-safe.</summary>
internal sealed class LfsServer(LfsHttp http)
{
    /// <summary>As many as git-lfs asks about at a time.</summary>
    internal const int BatchSize = 100;

    private int _batchSize = BatchSize;

    /// <summary>The requests.</summary>
    internal LfsHttp Http => http;

    /// <summary>Asks about objects, in as many requests as it takes.</summary>
    /// <param name="operation"><c>download</c> or <c>upload</c>.</param>
    /// <param name="objects">The objects, each once.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>One answer for each.</returns>
    /// <exception cref="LfsException">The server has no use for any object.</exception>
    /// <exception cref="GitException">It refused, was not understood, or could not be reached.</exception>
    internal async Task<IReadOnlyDictionary<LfsPointer, LfsObjectAnswer>> AskAsync(
        string operation,
        IReadOnlyCollection<LfsPointer> objects,
        CancellationToken cancellationToken
    )
    {
        var answers = new Dictionary<LfsPointer, LfsObjectAnswer>();
        var open = new Stack<LfsPointer[]>(Rounds(objects).SelectMany(round => round.Chunk(_batchSize)).Reverse());
        while (open.TryPop(out var part))
        {
            try
            {
                await AskOnceAsync(operation, part, answers, cancellationToken);
            }
            catch (GitRemoteException e) when (e.Status is { } status && IsAboutObjects(status) && !LfsRefusal.IsQuota(status, e.RemoteMessage))
            {
                if (part.Length == 1)
                {
                    answers[part[0]] = new LfsObjectAnswer(part[0].Oid, null, null, new LfsObjectError((int)status, e.Message));
                    continue;
                }

                _batchSize = status == HttpStatusCode.RequestEntityTooLarge ? Math.Min(_batchSize, part.Length / 2) : _batchSize;
                open.Push(part[(part.Length / 2)..]);
                open.Push(part[..(part.Length / 2)]);
            }
            catch (GitRemoteException e)
            {
                throw LfsRefusal.OfBatch(e);
            }
            catch (GitProtocolException e)
            {
                throw LfsRefusal.Of(e, LfsFault.NotUnderstood);
            }
        }

        return answers;
    }

    /// <summary>Too many objects at a time, or one of them that is not valid.</summary>
    private static bool IsAboutObjects(HttpStatusCode status) =>
        status is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Conflict;

    /// <summary>Two pointers may give one object different sizes, of which one is wrong: they are never asked about together.</summary>
    private static IEnumerable<IEnumerable<LfsPointer>> Rounds(IEnumerable<LfsPointer> objects) =>
        objects
            .Distinct()
            .GroupBy(o => o.Oid)
            .SelectMany(same => same.Select((o, round) => (o, round)))
            .GroupBy(o => o.round, o => o.o)
            .OrderBy(round => round.Key);

    private async Task AskOnceAsync(
        string operation,
        LfsPointer[] part,
        Dictionary<LfsPointer, LfsObjectAnswer> answers,
        CancellationToken cancellationToken
    )
    {
        var answer = await http.BatchAsync(
            new LfsBatchRequest(operation, [.. part.Select(o => new LfsObjectName(o.Oid, o.Size))]),
            cancellationToken
        );
        if (answer.Transfer is not (null or "basic") || answer.HashAlgo is not (null or "sha256"))
        {
            var said = TextSanitizer.CleanEnd($"{answer.Transfer} {answer.HashAlgo}");
            throw new GitProtocolException($"The LFS server of {http.Peer} wants objects moved in a way that it was not offered: {said}.");
        }

        var byOid = new Dictionary<string, LfsObjectAnswer>(StringComparer.Ordinal);
        foreach (var one in answer.Objects ?? [])
        {
            byOid.TryAdd(one?.Oid ?? "", one!);
        }

        foreach (var pointer in part)
        {
            answers[pointer] = byOid.TryGetValue(pointer.Oid, out var found)
                ? found
                : new LfsObjectAnswer(pointer.Oid, null, null, new LfsObjectError(null, $"{http.Peer} said nothing of it"));
        }
    }
}

/// <summary>A question of the batch API.</summary>
internal sealed record LfsBatchRequest(string Operation, IReadOnlyList<LfsObjectName> Objects)
{
    public IReadOnlyList<string> Transfers { get; } = ["basic"];

    public string HashAlgo { get; } = "sha256";
}

/// <summary>An object as the API names it: of a question, and of a verification.</summary>
internal sealed record LfsObjectName(string Oid, long Size);

/// <summary>Its answer. Whatever may be missing is null.</summary>
internal sealed record LfsBatchAnswer(string? Transfer, IReadOnlyList<LfsObjectAnswer?>? Objects, string? HashAlgo);

/// <summary>What is said of one object.</summary>
internal sealed record LfsObjectAnswer(string? Oid, bool? Authenticated, LfsActions? Actions, LfsObjectError? Error);

/// <summary>Where to go with it.</summary>
internal sealed record LfsActions(LfsAction? Download, LfsAction? Upload, LfsAction? Verify);

/// <summary>One request to make.</summary>
internal sealed record LfsAction(string? Href, IReadOnlyDictionary<string, string?>? Header, double? ExpiresIn, string? ExpiresAt);

/// <summary>Why nothing can be done with it.</summary>
internal sealed record LfsObjectError(int? Code, string? Message);

/// <summary>The batch API's JSON (git-lfs docs/api/batch.md).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(LfsBatchRequest))]
[JsonSerializable(typeof(LfsBatchAnswer))]
[JsonSerializable(typeof(LfsObjectName))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class LfsJson : JsonSerializerContext;
