using System.Runtime.InteropServices;
using MirrorAction.Benchmarks;

// Memory and scale of the real program against the sandbox hosts. Prints what it measured; asserts nothing.
//   (nothing)                                                 many repositories, many refs, a large pack; --repositories, --refs, --pack-mib
//   --proof                                                   verify, drill, backup, check and restore; --repositories, --pack-mib, --commits
//   --shards 5 --repositories 5000 --latency-ms 40            an organisation of thousands over shards; --max-parallel, --first
var arguments = new Arguments(args);
Console.WriteLine($"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; hosts on the same machine");
await (arguments.NumberOf("--shards") is { } shards ? ShardScenario.RunAsync(arguments, shards)
    : arguments.Has("--proof") ? ProofScenario.RunAsync(arguments)
    : ExtremeScenarios.RunAsync(arguments));
