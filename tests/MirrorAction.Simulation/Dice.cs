namespace MirrorAction.Simulation;

/// <summary>
/// Decisions that follow from a seed and from what they are about, and from nothing else: not from the order in which threads come to ask. Not
/// thread-safe;
/// whoever decides makes its own.
/// </summary>
internal sealed class Dice
{
    private ulong _state;

    private Dice(ulong state) => _state = state;

    /// <summary>The dice for one matter, such as <c>run 3, acme/alpha, push, 2</c>.</summary>
    public static Dice For(long seed, string matter)
    {
        // FNV-1a over the matter, then the generator below stirs it.
        var hash = 14695981039346656037UL ^ ((ulong)seed * 0x9E3779B97F4A7C15UL);
        foreach (var letter in matter)
            hash = (hash ^ letter) * 1099511628211UL;
        return new Dice(hash);
    }

    /// <summary>0 to <paramref name="below"/> - 1.</summary>
    public int Next(int below) => (int)(Stir() % (ulong)below);

    /// <summary>Both ends are possible.</summary>
    public int Between(int least, int most) => least + Next(most - least + 1);

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Chance(int percent) => Next(100) < percent;

    /// <summary>One of them.</summary>
    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];

    // SplitMix64.
    private ulong Stir()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
