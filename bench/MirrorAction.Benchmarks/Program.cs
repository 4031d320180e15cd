using System.CommandLine;
using MirrorAction.Benchmarks;
using MirrorAction.Benchmarks.Compare;
using MirrorAction.Benchmarks.Compare.Peers;
using MirrorAction.Benchmarks.Counts;
using MirrorAction.Benchmarks.Growth;
using MirrorAction.Benchmarks.Http;
using MirrorAction.Benchmarks.Micro;

// Each subcommand prints what it measured and asserts nothing; bench/README.md says which answers what.
var root = new RootCommand("What MirrorAction costs: beside other tools, at extremes, and in its smallest parts")
{
    ComparisonCommand.Create(),
    MicroCommand.Create(),
    CountCommand.Create(),
    GrowthScenario.Command(),
    ExtremeScenarios.Command(),
    ProofScenario.Command(),
    ShardScenario.Command(),
    HttpScenario.Command(),
    HttpPeers.Command(),
    LibGit2Peer.Command(),
};
return await root.Parse(args).InvokeAsync();
