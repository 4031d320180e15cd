using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;

namespace MirrorAction.Benchmarks.Micro;

/// <summary>The smallest parts, in memory, without network: time, allocation and bytes a second.</summary>
internal static class MicroCommand
{
    internal static Command Create()
    {
        var command = new Command("micro", "The smallest parts in memory; takes BenchmarkDotNet's options, such as --filter '*' --job short")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(result =>
        {
            BenchmarkSwitcher
                .FromAssembly(typeof(MicroCommand).Assembly)
                .Run([.. result.UnmatchedTokens], DefaultConfig.Instance.AddDiagnoser(MemoryDiagnoser.Default).AddColumn(new ThroughputColumn()));
        });
        return command;
    }
}
