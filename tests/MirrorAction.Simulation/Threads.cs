using System.Runtime.CompilerServices;

namespace MirrorAction.Simulation;

/// <summary>Runs stand still by blocking their thread; the pool must not take a second each time to notice that it needs another.</summary>
internal static class Threads
{
#pragma warning disable CA2255 // A test assembly is a program.
    [ModuleInitializer]
    internal static void Provide() => ThreadPool.SetMinThreads(32, 4);
#pragma warning restore CA2255
}
