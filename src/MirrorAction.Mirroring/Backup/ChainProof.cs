using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Proof;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Backup;

/// <summary>
/// Brings a chain back, bundle after bundle, and has a second reader walk what is there then, so that each moment of the chain is known to come back.
/// What it writes is gone on disposal.
/// </summary>
/// <param name="chain">Has read the bundles before they come here.</param>
/// <param name="scratch">Where the repository lies.</param>
/// <param name="time">The clock.</param>
internal sealed class ChainProof(ChainReader chain, ScratchFolder scratch, TimeProvider time) : IDisposable
{
    private const string HintOfDamage =
        "The bundle is as it was written, so the repository itself may be damaged at its host: clone it, and run 'git "
        + "fsck' there; a mirror is mended by 'repair: true'. Then move this chain away, and the next backup begins a new one.";

    private readonly string _folder = scratch.For(Guid.NewGuid().ToString("N"));
    private ChainRepository? _repository;
    private SecondReader? _reader;

    /// <summary>Why the chain was not read; null when it was.</summary>
    internal string? Unread { get; private set; }

    /// <summary>What was read so far; null for nothing.</summary>
    internal SecondReading? Reading => _reader?.Reading;

    /// <summary>Adds the bundle that the chain has read last, and reads.</summary>
    /// <exception cref="DamagedBundleException">The second reader does not find what the first has found.</exception>
    /// <exception cref="MirrorException">The chain cannot be brought back there.</exception>
    internal async Task ReadLastAsync(CancellationToken cancellationToken)
    {
        var header = chain.Header;
        Unread = SecondReader.Refuses(header.ObjectFormat);
        if (Unread is not null)
        {
            return;
        }

        _repository ??= new ChainRepository(_folder);
        _reader ??= new SecondReader(_folder, id => chain.Packs.Any(pack => pack.Index.Contains(id)), time);
        try
        {
            await Task.Run(() => _repository.Add(header, chain.Packs, cancellationToken), cancellationToken);
        }
        catch (Exception e) when (DiskFailure.Is(e) || e is InvalidDataException or GitException)
        {
            throw new MirrorException(
                ErrorCode.Internal,
                $"The chain could not be brought back into {_folder}: {e.Message}",
                "A deep check needs room for the chains that are checked at a time: free "
                    + "some, lower 'concurrency', or point the variable RUNNER_TEMP to a larger disk."
            );
        }

        try
        {
            await _reader.ReadAsync(header.Refs, cancellationToken);
        }
        catch (ReadersDisagreeException e)
        {
            throw new DamagedBundleException(e.Message.TrimEnd('.')) { Hint = $"{HintOfDamage} {ReadersDisagreeException.Hint}" };
        }
    }

    /// <summary>Removes the repository.</summary>
    public void Dispose() => scratch.Remove(_folder);
}
