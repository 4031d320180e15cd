using System.Net;
using System.Net.Sockets;

namespace MirrorAction.TestKit;

/// <summary>
/// Stands on a free port of 127.0.0.1 before a server and passes every byte on as it is, but for the requests that a fault is armed for.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _target;
    private readonly Lock _lock = new();
    private readonly List<Task> _conversations = [];
    private readonly List<HttpHead> _requests = [];
    private readonly Task _accepting;
    private Armed? _armed;

    private FaultProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients go; ends with a slash.</summary>
    public Uri Url { get; }

    /// <summary>The heads of all requests that came.</summary>
    public IReadOnlyList<HttpHead> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    /// <summary>How many requests the fault has met.</summary>
    public int Hits { get; private set; }

    /// <summary>Starts passing on.</summary>
    public static FaultProxy Start(Uri target) => new(target);

    /// <summary>Lets the fault meet one request, in place of one armed before.</summary>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="which">For which requests.</param>
    /// <param name="nth">With the how manieth of them it begins.</param>
    /// <param name="lasts">Whether it goes on with all that follow.</param>
    public void Arm(Fault fault, Func<HttpHead, bool> which, int nth = 1, bool lasts = false)
    {
        lock (_lock)
            (_armed, Hits) = (new Armed(fault, which, lasts) { Left = nth }, 0);
    }

    /// <summary>From here on everything passes.</summary>
    public void Disarm()
    {
        lock (_lock)
            _armed = null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        Task[] conversations;
        lock (_lock)
            conversations = [.. _conversations];
        await Task.WhenAll(conversations);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                lock (_lock)
                    _conversations.Add(Task.Run(() => ConverseAsync(client)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The end of the test: a listener that has been stopped refuses to accept by either of these.
        }
    }

    private async Task ConverseAsync(Socket client)
    {
        using var conversation = new FaultConversation(client, _target, Take, _stop.Token);
        try
        {
            await conversation.RunAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One of the two is gone, and so is the other.
        }
    }

    private Fault? Take(HttpHead request)
    {
        lock (_lock)
        {
            _requests.Add(request);
            if (_armed is not { } armed || !armed.Which(request) || --armed.Left > 0)
                return null;
            if (!armed.Lasts && armed.Left < 0)
                return null;
            Hits++;
            return armed.Fault;
        }
    }

    private sealed record Armed(Fault Fault, Func<HttpHead, bool> Which, bool Lasts)
    {
        public int Left { get; set; }
    }
}
