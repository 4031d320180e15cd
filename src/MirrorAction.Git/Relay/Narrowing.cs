using MirrorAction.Git.Protocol;

namespace MirrorAction.Git.Relay;

/// <summary>
/// Gets done what can be done, where many are tried at a time and a trial is refused as a whole: because of one of them, or because they are too
/// many. What it learns stays for later calls.
/// </summary>
/// <remarks>
/// <para>After the first refusal one is tried, then two, four and so on, while none is refused; what is refused is halved. So one fault among
/// thousands costs a few dozen trials, and many faults in a row cost one each. The first small trials bring what most of the others have in
/// common.</para>
/// <para>When a trial is refused and both of its halves pass, it was its size: from then on no trial is as large.</para>
/// <para>A refusal is paid from a budget, to which each trial that passes gives something back. When it is spent, nothing is halved any more: what is
/// left is tried once in large trials, and left alone when the first of these is refused too.</para>
/// </remarks>
/// <param name="most">The largest trial.</param>
internal sealed class Narrowing(int most)
{
    /// <summary>The budget, where the words say that they are about something in what was sent.</summary>
    internal const int MaxRefusals = 400;

    /// <summary>The same where the words could as well be about everything: no more than it takes to find a limit of the size.</summary>
    internal const int MaxObscureRefusals = 8;

    /// <summary>What a trial that passes is worth: as many refusals as it takes to find one good item between bad ones.</summary>
    private const int GainOfPass = 3;

    private int _size = most;
    private int _tooMany = most + 1;
    private int _passed;
    private int _spent;
    private Refusal? _last;

    /// <summary>A refusal was met that a limit which the peer names does not explain.</summary>
    internal bool IsNarrow { get; private set; }

    private bool IsOutOfPatience => _last is not null && _spent >= (_last.IsUnderstood ? MaxRefusals : MaxObscureRefusals);

    /// <summary>Begins with one at a time, because it is known that all together would be refused.</summary>
    internal void Begin() => (IsNarrow, _size) = (true, 1);

    /// <summary>Tries all items, in their order.</summary>
    /// <param name="items">What there is to do.</param>
    /// <param name="tryAll">Does some of it; returns null when the fate of each is settled, else why they were refused together.</param>
    /// <param name="giveUp">Takes an item that is not done, why, and whether it was tried by itself.</param>
    internal async Task RunAsync<T>(IReadOnlyList<T> items, Func<T[], Task<Refusal?>> tryAll, Func<T, Refusal, bool, Task> giveUp)
    {
        for (var at = 0; at < items.Count; )
        {
            T[] trial = [.. items.Skip(at).Take(_size)];
            if (IsNarrow)
            {
                var isLastTrial = IsOutOfPatience;
                var haveAllPassed = await NarrowAsync(trial, tryAll, giveUp);
                at += trial.Length;
                if (isLastTrial && !haveAllPassed)
                {
                    await GiveUpAsync([.. items.Skip(at)], wereAlone: false, giveUp);
                    return;
                }
            }
            else if (await TryAsync(trial, tryAll))
            {
                at += trial.Length;
            }
            else if (trial.Length == 1)
            {
                await giveUp(trial[0], _last!, true);
                at++;
            }
            else if (!LearnsFrom(_last!, trial.Length))
            {
                Begin();
            }
        }
    }

    /// <summary>One trial with whatever it takes to settle it, and the size of the next one.</summary>
    private async Task<bool> NarrowAsync<T>(T[] trial, Func<T[], Task<Refusal?>> tryAll, Func<T, Refusal, bool, Task> giveUp)
    {
        _passed = 1;
        var isWhole = trial.Length == _size;
        var haveAllPassed = await HalveAsync(trial, tryAll, giveUp);
        if (IsOutOfPatience)
        {
            _size = _tooMany - 1;
        }
        else if (!haveAllPassed)
        {
            _size = Math.Max(1, trial.Length / 2);
        }
        else if (isWhole)
        {
            _size = Math.Min(2 * _passed, (_passed + _tooMany) / 2); // Never beyond the half of the way to what was too many.
        }

        return haveAllPassed;
    }

    /// <summary>True when all passed, however many trials it took.</summary>
    private async Task<bool> HalveAsync<T>(T[] items, Func<T[], Task<Refusal?>> tryAll, Func<T, Refusal, bool, Task> giveUp)
    {
        if (items.Length < _tooMany)
        {
            if (await TryAsync(items, tryAll))
            {
                return true;
            }

            if (items.Length == 1 || IsOutOfPatience)
            {
                await GiveUpAsync(items, wereAlone: items.Length == 1, giveUp);
                return false;
            }

            _ = LearnsFrom(_last!, items.Length);
        }

        var haveAllPassed = true;
        foreach (var part in items.Chunk(items.Length < _tooMany ? (items.Length + 1) / 2 : _tooMany - 1))
        {
            haveAllPassed &= await HalveAsync(part, tryAll, giveUp);
        }

        if (haveAllPassed)
        {
            _tooMany = Math.Min(_tooMany, items.Length);
        }

        return haveAllPassed;
    }

    private async Task<bool> TryAsync<T>(T[] items, Func<T[], Task<Refusal?>> tryAll)
    {
        if (await tryAll(items) is { } refusal)
        {
            _last = refusal;
            _spent++;
            return false;
        }

        _spent = Math.Max(0, _spent - GainOfPass);
        _passed = Math.Max(_passed, items.Length);
        return true;
    }

    private async Task GiveUpAsync<T>(T[] items, bool wereAlone, Func<T, Refusal, bool, Task> giveUp)
    {
        foreach (var item in items)
        {
            await giveUp(item, _last!, wereAlone);
        }
    }

    /// <summary>Whether the peer says that fewer would pass; it is believed then.</summary>
    private bool LearnsFrom(Refusal refusal, int length)
    {
        if (refusal.Limit is not { } limit || limit >= length)
        {
            return false;
        }

        (_tooMany, _size) = (limit + 1, Math.Min(_size, limit));
        return true;
    }
}
