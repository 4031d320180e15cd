using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace MirrorAction.Benchmarks.Http;

/// <summary>A long line to a server: every byte takes half of a round trip each way, and a connection one round trip to be made. As wide as the machine allows.</summary>
internal sealed class DelayedLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly TimeSpan _oneWay;
    private readonly Task _accepting;
    private int _connections;
    private long _sent;

    internal DelayedLine(Uri server, TimeSpan roundTrip)
    {
        (_server, _oneWay) = (server, roundTrip / 2);
        _listener.Start();
        Url = new UriBuilder(server) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>The server at the end of the line.</summary>
    internal Uri Url { get; }

    /// <summary>Connections that were made over it.</summary>
    internal int Connections => Volatile.Read(ref _connections);

    /// <summary>Bytes that went to the server.</summary>
    internal long Sent => Interlocked.Read(ref _sent);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _connections);
                _ = ConnectAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // The end of the measurement.
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        using (client)
        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            client.NoDelay = true;
            await Task.Delay(_oneWay * 2);
            await server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _server.Port));
            await Task.WhenAny(PumpAsync(client, server, isToServer: true), PumpAsync(server, client, isToServer: false));
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isToServer)
    {
        var line = Channel.CreateBounded<(byte[] Bytes, long Due)>(256);
        var sending = SendAsync(line.Reader, to);
        try
        {
            var buffer = new byte[256 << 10];
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                if (isToServer)
                {
                    Interlocked.Add(ref _sent, read);
                }

                await line.Writer.WriteAsync((buffer[..read], TimeProvider.System.GetTimestamp() + (long)(_oneWay.TotalSeconds * TimeProvider.System.TimestampFrequency)));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Somebody hung up.
        }

        line.Writer.Complete();
        await sending;
    }

    private static async Task SendAsync(ChannelReader<(byte[] Bytes, long Due)> line, Socket to)
    {
        try
        {
            await foreach (var (bytes, due) in line.ReadAllAsync())
            {
                var wait = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), due);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait);
                }

                await to.SendAsync(bytes);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Somebody hung up.
        }
    }
}
