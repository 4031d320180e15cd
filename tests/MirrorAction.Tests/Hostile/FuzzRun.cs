using System.Diagnostics;
using System.Globalization;

namespace MirrorAction.Tests.Hostile;

/// <summary>Puts broken messages to a decoder and finds those that it does not take as it should.</summary>
/// <remarks>Input number n of seed s is always the same message, so that a failure can be had again by its numbers.</remarks>
internal static class FuzzRun
{
    /// <summary>What a decoder may allocate for any input: its buffers and the exception it throws.</summary>
    internal const long FreeBytes = 1 << 20;

    /// <summary>The message of these numbers.</summary>
    internal static byte[] Input(FuzzTarget target, int seed, int number) =>
        new Mutator(new Random(unchecked((seed * 1_000_003) + number)), target.Seeds).Next();

    /// <summary>What is wrong with how the decoder took the message; null when nothing is.</summary>
    internal static string? Fault(FuzzTarget target, byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Decode(input);
        }
        catch (Exception e)
        {
            if (!target.Documented(e))
                return $"{e.GetType().FullName}: {e}";
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var allowed = FreeBytes + ((long)target.MaxExpansion * input.Length);
        return allocated <= allowed
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"allocated {allocated} bytes for an input of {input.Length}; {allowed} are allowed");
    }

    /// <summary>Runs a number of inputs and fails on the first that is not taken well, naming it.</summary>
    internal static FuzzTally Run(FuzzTarget target, int seed, int inputs)
    {
        var clock = Stopwatch.StartNew();
        long bytes = 0;
        var slowest = TimeSpan.Zero;
        var slowestNumber = 0;
        for (var number = 0; number < inputs; number++)
        {
            var input = Input(target, seed, number);
            var start = clock.Elapsed;
            if (Fault(target, input) is { } fault)
            {
                var smallest = Minimised(target, input);
                Assert.Fail(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{target.Name}, seed {seed}, input {number} ({input.Length} bytes, {smallest.Length} minimised): {fault}\n{Convert.ToHexStringLower(smallest.AsSpan(0, Math.Min(smallest.Length, 4000)))}"
                    )
                );
            }

            var taken = clock.Elapsed - start;
            (slowest, slowestNumber) = taken > slowest ? (taken, number) : (slowest, slowestNumber);
            bytes += input.Length;
        }

        return new FuzzTally(target.Name, inputs, bytes, clock.Elapsed, slowest, slowestNumber);
    }

    /// <summary>Leaves out of a message what is not needed for a fault.</summary>
    private static byte[] Minimised(FuzzTarget target, byte[] input)
    {
        var tries = 2000;
        for (var size = Math.Max(1, input.Length / 2); size > 0 && tries > 0; size = size == 1 ? 0 : size / 2)
        {
            for (var at = 0; at + size <= input.Length && tries-- > 0; )
            {
                byte[] shorter = [.. input[..at], .. input[(at + size)..]];
                (input, at) = Fault(target, shorter) is not null ? (shorter, at) : (input, at + size);
            }
        }

        return input;
    }
}

/// <summary>What a run was like.</summary>
internal sealed record FuzzTally(string Target, int Inputs, long Bytes, TimeSpan Duration, TimeSpan Slowest, int SlowestNumber)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Target, -14} {Inputs, 9} inputs  {Bytes / 1048576.0, 8:0.0} MiB  {Duration.TotalSeconds, 7:0.0} s  {Inputs / Duration.TotalSeconds, 9:0} /s  slowest {Slowest.TotalMilliseconds, 7:0.0} ms (input {SlowestNumber})"
        );
}
