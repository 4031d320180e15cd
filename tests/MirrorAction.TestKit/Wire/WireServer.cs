using System.Net;
using System.Net.Sockets;

namespace MirrorAction.TestKit;

/// <summary>
/// A server on a free port of 127.0.0.1 that gives each connection to a script, socket and all: for answers that no well-behaved server gives, and
/// for looking at what really came over the wire.
/// </summary>
public sealed class WireServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _conversations = [];
    private readonly Task _accepting;
    private int _connections;

    private WireServer(Func<WireConnection, Task> serve)
    {
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync(serve);
    }

    /// <summary>The root, ending with a slash.</summary>
    public Uri Url { get; }

    /// <summary>How many connections there were.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Starts serving; the connection is closed when its script returns.</summary>
    public static WireServer Start(Func<WireConnection, Task> serve) => new(serve);

    /// <summary>Answers every request of every connection by the function.</summary>
    public static WireServer Answering(Func<WireRequest, WireAnswer> answer) =>
        Start(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
                await connection.AnswerAsync(answer(request));
        });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        Task[] conversations;
        lock (_conversations)
            conversations = [.. _conversations];
        await Task.WhenAll(conversations);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<WireConnection, Task> serve)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                lock (_conversations)
                    _conversations.Add(Task.Run(() => ConverseAsync(socket, serve)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The end of the test: a listener that has been stopped refuses to accept by either of these.
        }
    }

    private async Task ConverseAsync(Socket socket, Func<WireConnection, Task> serve)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        await using var closing = _stop.Token.Register(socket.Dispose);
        try
        {
            await serve(new WireConnection(stream, _stop.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client went away, or the test is over.
        }
    }
}
