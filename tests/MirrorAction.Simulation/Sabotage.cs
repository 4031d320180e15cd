namespace MirrorAction.Simulation;

/// <summary>What the tests of the simulator break, to see that it notices: each stands for a program with a fault of that kind.</summary>
internal enum Sabotage
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>(1) Kept tags are said to be taken, and are not there.</summary>
    KeepsNothing,

    /// <summary>(2) Mirrors are public, and pushed to all the same.</summary>
    ShowsAll,

    /// <summary>(3) A push goes to somebody else's repository.</summary>
    WritesElsewhere,

    /// <summary>(4) One branch is said to be taken, and is not there.</summary>
    ForgetsOne,

    /// <summary>(5) Mirrors are said to be equal without a look.</summary>
    SaysEqual,

    /// <summary>(5) The exit code is 0, whatever happened.</summary>
    ExitsWithZero,

    /// <summary>(6) When all is calm, a ref of a mirror is lost again.</summary>
    NeverRests,

    /// <summary>(7) A source is asked twice.</summary>
    AsksTwice,

    /// <summary>(8) A part of a token is printed.</summary>
    Talks,
}
