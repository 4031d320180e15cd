using System.CommandLine;
using MirrorAction.Benchmarks;
using MirrorAction.Benchmarks.Compare;
using MirrorAction.Benchmarks.Http;
using MirrorAction.Benchmarks.Micro;

// Each subcommand prints what it measured and asserts nothing; bench/README.md says which answers what.
var root = new RootCommand("What MirrorAction costs: beside other tools, at extremes, and in its smallest parts")
{
    ComparisonCommand.Create(),
    MicroCommand.Create(),
    ExtremeScenarios.Command(),
    ProofScenario.Command(),
    ShardScenario.Command(),
    HttpScenario.Command(),
    HttpPeers.Command(),
};
return await root.Parse(args).InvokeAsync();
