namespace MirrorAction.TestKit;

/// <summary>Lets the bytes of one message through, as far as its fault allows.</summary>
internal sealed class FaultGate
{
    private readonly Stream _to;
    private readonly WireFault? _end;
    private readonly DripFault? _drip;
    private readonly CancellationToken _stopped;
    private long _passed;

    public FaultGate(Stream to, Fault? fault, FaultDirection direction, CancellationToken stopped)
    {
        _to = to;
        _stopped = stopped;
        _end = fault is WireFault wire && wire.Direction == direction ? wire : null;
        _drip = fault is DripFault drip && drip.Direction == direction ? drip : null;
    }

    /// <summary>Whoever is written to has left.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Writes; false when the point has come at which nothing more passes.</summary>
    public async Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes, bool isBody)
    {
        try
        {
            return await PassAsync(bytes, isBody);
        }
        catch (IOException)
        {
            IsGone = true;
            return false;
        }
    }

    private async Task<bool> PassAsync(ReadOnlyMemory<byte> bytes, bool isBody)
    {
        if (_drip is not null && (isBody || !_drip.OfBody))
        {
            await DripAsync(bytes, _drip);
            return true;
        }

        if (_end is null || (_end.OfBody && !isBody))
        {
            await _to.WriteAsync(bytes, _stopped);
            return true;
        }

        var left = _end.After - _passed;
        _passed += bytes.Length;
        await _to.WriteAsync(bytes.Length < left ? bytes : bytes[..(int)left], _stopped);
        return bytes.Length < left;
    }

    private async Task DripAsync(ReadOnlyMemory<byte> bytes, DripFault drip)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(drip.Piece, bytes.Length)..])
        {
            await _to.WriteAsync(bytes[..Math.Min(drip.Piece, bytes.Length)], _stopped);
            if (drip.Pause > TimeSpan.Zero)
                await Task.Delay(drip.Pause, TimeProvider.System, _stopped);
        }
    }
}
