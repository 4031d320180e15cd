using System.Runtime.InteropServices;
using MirrorAction.Benchmarks;
using MirrorAction.Benchmarks.Http;

// Memory and scale of the real program against the sandbox hosts. Prints what it measured; asserts nothing. MIRROR_ACTION_PROGRAM names a
// published program, which needs less memory and starts sooner than the one that is built beside this.
// (nothing) many repositories, many refs, a large pack; --repositories, --refs, --pack-mib (0 for none), --first
//   --proof                                                   verify, drill, backup, check and restore; --repositories, --pack-mib, --commits
//   --shards 5 --repositories 5000 --latency-ms 40            an organisation of thousands over shards; --max-parallel, --first
// --http each choice of the wire path against what it was chosen over; --rounds, --latency-ms, --pack-mib
var arguments = new Arguments(args);
if (arguments.Has("--http-peers"))
{
    await HttpPeers.RunAsync();
    return;
}

Console.WriteLine(
    $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; hosts on the same machine"
);
await (
    arguments.NumberOf("--shards") is { } shards ? ShardScenario.RunAsync(arguments, shards)
    : arguments.Has("--http") ? HttpScenario.RunAsync(arguments)
    : arguments.Has("--proof") ? ProofScenario.RunAsync(arguments)
    : ExtremeScenarios.RunAsync(arguments)
);
