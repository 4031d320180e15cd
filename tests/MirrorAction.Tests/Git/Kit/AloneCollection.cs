namespace MirrorAction.Tests.Git.Kit;

/// <summary>Tests beside which no other runs, because they look at the process as a whole.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;
