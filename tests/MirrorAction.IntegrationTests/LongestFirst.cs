using MirrorAction.IntegrationTests;
using MirrorAction.IntegrationTests.Faults;
using Xunit.Sdk;
using Xunit.v3;

// Beside the matrix, which works on three cells at a time, two more: tests wait for programs and timers, and too many at once starve those.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace MirrorAction.IntegrationTests;

/// <summary>Starts with the fault matrix, which takes as long as half of the others together and would else be waited for alone in the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(c => c.TestCollectionDisplayName.Contains(nameof(FaultMatrixTests), StringComparison.Ordinal) ? 0 : 1)];
}
