namespace MirrorAction.Simulation;

/// <summary>What the tests of the simulator break, to see that it notices.</summary>
internal enum Sabotage
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>(7) A source wants to be asked twice.</summary>
    AskedTwice,
}
