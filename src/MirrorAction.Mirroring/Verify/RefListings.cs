using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Verify;

/// <summary>A source and its mirror, both only read. Serves one attempt.</summary>
internal sealed class RefListings(GitHttp http, RepositoryJob job, TransferCounter counter)
{
    private readonly UploadPackClient _source = new(http, job.Source, counter);
    private readonly UploadPackClient _mirror = new(http, job.Destination, counter);

    /// <summary>What the source lists.</summary>
    internal RemoteRefs Source { get; private set; } = null!;

    /// <summary>What the mirror lists; null when there is none.</summary>
    internal RemoteRefs? Mirror { get; private set; }

    /// <summary>How they differ.</summary>
    internal RefDiff Refs { get; private set; } = null!;

    /// <summary>The source lists nothing that is mirrored.</summary>
    internal bool IsSourceEmpty => !Source.Refs.Keys.Any(job.Options.Patterns.Includes);

    /// <summary>The mirror has something that is mirrored.</summary>
    internal bool IsMirrorFilled => Mirror is { } mirror && mirror.Refs.Keys.Any(job.Options.Patterns.Includes);

    /// <summary>The mirrored refs of the mirror.</summary>
    internal IEnumerable<Ref> MirrorRefs =>
        Mirror!.Refs.Where(r => job.Options.Patterns.Includes(r.Key)).OrderBy(r => r.Key).Select(r => new Ref(r.Key, r.Value));

    /// <summary>A sentence about the default branch when it is not the mirror's main branch; null when it is, or nobody tells that one.</summary>
    internal string? DefaultBranchDifference
    {
        get
        {
            var wanted = RefDiff.DefaultBranchOf(Source, job.Options.Patterns);
            var found = Mirror!.WithDefaultBranch(job.MainBranch).Head;
            return job.IsOwnWiki || wanted is not { } name || found is not { } other || other == name
                ? null
                : $"The main branch of the mirror is '{other.ShortName}', but the default branch of the source is '{name.ShortName}'.";
        }
    }

    /// <summary>Lists the refs of both: two requests at the same time, one where there is no mirror.</summary>
    /// <exception cref="GitException">One of them failed.</exception>
    internal async Task ReadAsync(bool hasMirror, CancellationToken cancellationToken)
    {
        var patterns = job.Options.Patterns;
        var source = _source.ListRefsAsync(patterns, cancellationToken);
        var mirror = hasMirror ? AtMirrorAsync(client => client.ListRefsAsync(patterns, cancellationToken)) : null;
        await Task.WhenAll([source, mirror ?? Task.CompletedTask]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The source first: what it says decides whether there is anything to compare.
        Source = (await source).WithDefaultBranch(job.DefaultBranch);
        Mirror = mirror is null ? null : await mirror;
        Refs = RefDiff.Of(Source.Refs, Mirror?.Refs ?? new Dictionary<RefName, ObjectId>(), job.Options);
    }

    /// <summary>How they differ, with what the source says of the mirror's values: it may not know them.</summary>
    internal async Task<IReadOnlyList<RefChange>> FindDifferencesAsync(CancellationToken cancellationToken)
    {
        ObjectId[] values = [.. Refs.Differences.Select(d => d.Old).OfType<string>().Select(ObjectId.Parse)];
        var foreign = await ForeignValues.FindAsync(values, _source, Source, job.KnownBefore, cancellationToken);
        return [.. Refs.Differences.Select(d => d with { Foreign = d.Old is { } old && foreign.IsForeign(ObjectId.Parse(old)) })];
    }

    /// <summary>Asks the source for a pack.</summary>
    internal Task<FetchSession> FetchFromSourceAsync(IReadOnlyCollection<ObjectId> wants, CancellationToken cancellationToken) =>
        _source.FetchAsync(new FetchRequest { Wants = wants, OfsDelta = true }, cancellationToken);

    /// <summary>Asks the mirror for a pack and reads it.</summary>
    /// <exception cref="DamagedMirrorException">The mirror cannot send it, or sends it damaged.</exception>
    /// <exception cref="GitException">It failed otherwise.</exception>
    internal async Task<T> ReadPackOfMirrorAsync<T>(
        IReadOnlyCollection<ObjectId> wants,
        Func<FetchSession, Task<T>> read,
        CancellationToken cancellationToken
    )
    {
        var isInPack = false;
        try
        {
            return await AtMirrorAsync(async client =>
            {
                using var session = await client.FetchAsync(new FetchRequest { Wants = wants, OfsDelta = true }, cancellationToken);
                isInPack = true;
                return await read(session);
            });
        }
        catch (GitException e) when (MirrorDamage.IsIn(e, isInPack, job))
        {
            throw new DamagedMirrorException(e.Message, job);
        }
    }

    /// <summary>Whatever fails here failed at the destination, though nothing is written to it.</summary>
    internal async Task<T> AtMirrorAsync<T>(Func<UploadPackClient, Task<T>> ask)
    {
        try
        {
            return await ask(_mirror);
        }
        catch (GitException e)
        {
            e.BlameDestination();
            throw;
        }
    }
}
