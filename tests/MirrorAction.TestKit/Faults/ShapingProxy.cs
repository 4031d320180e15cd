using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MirrorAction.TestKit;

/// <summary>
/// Stands on a free port of 127.0.0.1 before a server and is a long line to it: every byte takes half of the round trip, and each direction
/// carries so many bytes a second over all connections together. The first byte of a connection waits one round trip more, as TCP's handshake
/// makes it wait. Not like a long line: there is no TLS, no slow start and no loss, so that real networks are slower.
/// </summary>
public sealed class ShapingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _conversations = new();
    private readonly Uri _target;
    private readonly TimeSpan _roundTrip;
    private readonly ShapedLine _toTarget;
    private readonly ShapedLine _fromTarget;
    private readonly Task _accepting;

    private ShapingProxy(Uri target, TimeSpan roundTrip, double bytesPerSecond, TimeProvider time)
    {
        (_target, _roundTrip) = (target, roundTrip);
        _toTarget = new ShapedLine(bytesPerSecond, roundTrip / 2, time);
        _fromTarget = new ShapedLine(bytesPerSecond, roundTrip / 2, time);
        _listener.Start();
        Url = new Uri($"{target.Scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients go; ends with a slash.</summary>
    public Uri Url { get; }

    /// <summary>How many connections there have been.</summary>
    public int Connections { get; private set; }

    /// <summary>How many bytes clients have sent.</summary>
    public long BytesToTarget => _toTarget.Bytes;

    /// <summary>Starts passing on.</summary>
    /// <param name="target">The server, with TLS or without: what is passed on is not looked at.</param>
    /// <param name="roundTrip">What a byte takes there and back.</param>
    /// <param name="bytesPerSecond">What fits through in each direction; infinity for no limit.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public static ShapingProxy Start(Uri target, TimeSpan roundTrip, double bytesPerSecond, TimeProvider? time = null) =>
        new(target, roundTrip, bytesPerSecond, time ?? TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_conversations.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                Connections++;
                var conversation = Task.Run(() => ConverseAsync(client));
                _conversations.TryAdd(conversation, 0);
                _ = conversation.ContinueWith(ended => _conversations.TryRemove(ended, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The end: a listener that has been stopped refuses to accept by either of these.
        }
    }

    private async Task ConverseAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            try
            {
                client.NoDelay = true;
                var opens = _toTarget.Now + _roundTrip;
                await server.ConnectAsync(_target.Host, _target.Port, stop.Token);
                Task[] flows =
                [
                    new ShapedFlow(client, server, _toTarget, opens).RunAsync(stop.Token),
                    new ShapedFlow(server, client, _fromTarget, TimeSpan.Zero).RunAsync(stop.Token),
                ];
                await foreach (var flow in Task.WhenEach(flows))
                {
                    // One that failed takes the other with it; one that came to its end does not.
                    if (!flow.IsCompletedSuccessfully)
                        await stop.CancelAsync();
                }

                await Task.WhenAll(flows);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // One of the two is gone, and so is the other: a reset must not look like an end in good order.
                client.Close(timeout: 0);
                server.Close(timeout: 0);
            }
        }
    }
}
