using System.Net;
using System.Net.Sockets;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.TestKit;

public sealed class ShapingProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan s_roundTrip = TimeSpan.FromMilliseconds(2);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private ShapingProxy _proxy = null!;

    public ValueTask InitializeAsync()
    {
        _server.Start();
        _proxy = ShapingProxy.Start(ServerUrl, s_roundTrip, 1e9);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Bytes_come_through_unchanged_and_in_order_both_ways_however_they_are_cut()
    {
        var (client, server) = await ConnectAsync();
        using var _ = client;
        using var __ = server;
        // More than the proxy holds, so that it has to stop the sender.
        var (there, back) = (new RandomBytes(1).Take(9_000_001), new RandomBytes(2).Take(7_000_003));
        var sending = Task.WhenAll(SendAsync(client, there, 3), SendAsync(server, back, 4));
        var received = ReceiveAsync(server);
        (await ReceiveAsync(client)).AsSpan().SequenceEqual(back).ShouldBeTrue();
        (await received).AsSpan().SequenceEqual(there).ShouldBeTrue();
        await sending;
    }

    [Fact]
    public async Task One_side_may_end_while_the_other_goes_on()
    {
        var (client, server) = await ConnectAsync();
        using var _ = client;
        using var __ = server;
        await SendAsync(client, "request"u8.ToArray(), 1);
        (await ReceiveAsync(server)).ShouldBe("request"u8.ToArray());
        await SendAsync(server, "answer"u8.ToArray(), 1);
        (await ReceiveAsync(client)).ShouldBe("answer"u8.ToArray());
    }

    [Fact]
    public async Task A_connection_that_the_server_aborts_does_not_look_ended_to_the_client()
    {
        var (client, server) = await ConnectAsync();
        using var _ = client;
        server.LingerState = new LingerOption(true, 0);
        server.Close();
        await Should.ThrowAsync<SocketException>(ReceiveAsync(client));
    }

    [Fact]
    public async Task Each_connection_has_its_own_bytes()
    {
        var pairs = new List<(Socket Client, Socket Server)>();
        for (var i = 0; i < 20; i++)
            pairs.Add(await ConnectAsync());
        await Task.WhenAll(pairs.Select((pair, i) => SendAsync(pair.Client, new[] { (byte)i }, i)));
        for (var i = 0; i < pairs.Count; i++)
            (await ReceiveAsync(pairs[i].Server)).ShouldBe([(byte)i]);
        _proxy.Connections.ShouldBe(20);
        pairs.ForEach(pair =>
        {
            pair.Client.Dispose();
            pair.Server.Dispose();
        });
    }

    [Fact]
    public async Task Connections_are_cut_when_the_proxy_ends()
    {
        var proxy = ShapingProxy.Start(ServerUrl, s_roundTrip, 1e9);
        var (client, server) = await ConnectAsync(proxy);
        using var _ = client;
        using var __ = server;
        await proxy.DisposeAsync();
        await Should.ThrowAsync<SocketException>(ReceiveAsync(client));
    }

    [Fact]
    public async Task A_first_answer_takes_two_round_trips_and_each_further_one_a_round_trip()
    {
        var clock = new SkippingTime();
        clock.SkipWaits(_ => true);
        var start = clock.GetUtcNow();
        await using var proxy = ShapingProxy.Start(ServerUrl, TimeSpan.FromMilliseconds(40), double.PositiveInfinity, clock);
        var (client, server) = await ConnectAsync(proxy);
        using var _ = client;
        using var __ = server;
        foreach (var roundTrips in (int[])[2, 3, 4])
        {
            var buffer = new byte[1];
            await client.SendAsync(buffer);
            (await server.ReceiveAsync(buffer)).ShouldBe(1);
            await server.SendAsync(buffer);
            (await client.ReceiveAsync(buffer)).ShouldBe(1);
            (clock.GetUtcNow() - start).ShouldBeGreaterThanOrEqualTo(roundTrips * TimeSpan.FromMilliseconds(40));
        }
    }

    private Uri ServerUrl => new($"http://127.0.0.1:{((IPEndPoint)_server.LocalEndpoint).Port}/");

    private async Task<(Socket Client, Socket Server)> ConnectAsync(ShapingProxy? proxy = null)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, (proxy ?? _proxy).Url.Port);
        return (client, await _server.AcceptSocketAsync());
    }

    /// <summary>Sends in pieces of any size, and then the end.</summary>
    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, int seed)
    {
        var random = new Random(seed);
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes[..Math.Min(bytes.Length, 1 << random.Next(20))])..];
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Everything up to the end.</summary>
    private static async Task<byte[]> ReceiveAsync(Socket socket)
    {
        using var received = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int count; (count = await socket.ReceiveAsync(buffer)) > 0; )
            received.Write(buffer, 0, count);
        return received.ToArray();
    }
}
