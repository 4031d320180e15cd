namespace MirrorAction.Mirroring.Runs;

/// <summary>What was said about one repository, kept together because many are worked on at once.</summary>
internal sealed class RunLog
{
    private readonly List<RunMessage> _messages = [];

    internal IReadOnlyList<RunMessage> Messages => _messages;

    internal void Add(RunMessage message)
    {
        lock (_messages)
        {
            _messages.Add(message);
        }
    }
}
