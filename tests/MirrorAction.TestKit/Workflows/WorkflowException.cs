namespace MirrorAction.TestKit;

/// <summary>
/// A workflow that GitHub would refuse, or that the runner of the tests does not understand; the message names file, line and column where it knows
/// them.
/// </summary>
public sealed class WorkflowException(string message) : Exception(message);
