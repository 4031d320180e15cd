namespace MirrorAction.Git.Transport;

/// <summary>An answer with status 200 and the right type, its body unread. Owns the connection until disposed; the body can be read once.</summary>
internal sealed class HttpReply(HttpResponseMessage response, IdleWatchdog watchdog, Stream body) : IDisposable
{
    internal Stream Body => body;

    public void Dispose()
    {
        response.Dispose();
        watchdog.Dispose();
    }
}
