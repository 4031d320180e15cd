using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;
using MirrorAction.MicroBenchmarks;

// The smallest parts, in memory, without network: time, allocation and bytes a second. `--filter '*' --job short` for a first look.
BenchmarkSwitcher
    .FromAssembly(typeof(Program).Assembly)
    .Run(args, DefaultConfig.Instance.AddDiagnoser(MemoryDiagnoser.Default).AddColumn(new ThroughputColumn()));
