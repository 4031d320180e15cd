namespace MirrorAction.Git.Transport;

/// <summary>A body that is sent while it arrives from somewhere else, so that two conversations can fail.</summary>
internal abstract class RelayedContent : HttpContent
{
    /// <summary>Watches the one it is sent to. Set by the one who sends.</summary>
    internal IdleWatchdog? Watchdog { get; set; }

    /// <summary>Why its source could not be read to the end; null when that is not what went wrong.</summary>
    internal Exception? SourceError { get; private protected set; }
}
