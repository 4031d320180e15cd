using System.Net.Sockets;

namespace MirrorAction.TestKit;

/// <summary>One connection of a client to a <see cref="FaultProxy"/>: request after request, each passed on over a connection of its own.</summary>
internal sealed class FaultConversation(Socket client, Uri target, Func<HttpHead, Fault?> take, CancellationToken stopped) : IDisposable
{
    private readonly NetworkStream _client = new(client, ownsSocket: true);

    /// <summary>Serves the client until it leaves, or a fault ends the connection.</summary>
    public async Task RunAsync()
    {
        client.NoDelay = true;
        var requests = new HttpWire(_client);
        while (await requests.ReadHeadAsync(stopped) is { } head)
        {
            var fault = take(head);
            var goesOn = fault is AnswerFault answer ? await AnswerAsync(requests, head, answer) : await PassAsync(requests, head, fault);
            if (!goesOn)
                return;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<bool> AnswerAsync(HttpWire requests, HttpHead head, AnswerFault fault)
    {
        if (fault.IsServed)
        {
            using var server = await ConnectAsync();
            await SendAsync(requests, head, server, null);
            await ReadAnswerAsync(server);
        }
        else if (!fault.IsEarly)
        {
            await foreach (var piece in requests.ReadBodyAsync(head, untilClose: false, stopped))
            {
                // A server that wants to keep the connection reads what it does not need.
            }
        }

        await _client.WriteAsync(fault.Answer.ToBytes(), stopped);
        if (fault.IsEarly)
            await EndAsync(FaultEnding.Cut, null);
        return !fault.IsEarly && !fault.Answer.Closes;
    }

    private async Task<bool> PassAsync(HttpWire requests, HttpHead head, Fault? fault)
    {
        using var server = await ConnectAsync();
        var sending = SendAsync(requests, head, server, fault);
        try
        {
            if (fault is RewriteFault rewrite)
            {
                var answer = rewrite.Change(await ReadAnswerAsync(server));
                await _client.WriteAsync(answer.ToBytes(), stopped);
                return !answer.Closes && sending.IsCompletedSuccessfully;
            }

            var answers = new HttpWire(server);
            var isClosing = await answers.ReadHeadAsync(stopped) is not { } answerHead || !await ReceiveAsync(answers, answerHead, fault);

            // A server that answers without having read everything closes, and so does this one.
            return !isClosing && sending.IsCompletedSuccessfully;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException && fault is WireFault { Direction: FaultDirection.Up })
        {
            // The fault has closed the way to the server; what it does to the client is still going on.
            await sending;
            return false;
        }
        finally
        {
            server.Dispose();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(HttpWire requests, HttpHead head, Stream server, Fault? fault)
    {
        var gate = new FaultGate(server, fault, FaultDirection.Up, stopped);
        var isOpen = await gate.WriteAsync(head.Raw, isBody: false);
        if (isOpen)
        {
            await foreach (var piece in requests.ReadBodyAsync(head, untilClose: false, stopped))
            {
                if (!(isOpen = await gate.WriteAsync(piece.Wire, isBody: true)))
                    break;
            }
        }

        if (!isOpen && !gate.IsGone)
            await EndAsync(((WireFault)fault!).Ending, server);
    }

    private async Task<bool> ReceiveAsync(HttpWire answers, HttpHead head, Fault? fault)
    {
        var gate = new FaultGate(_client, fault, FaultDirection.Down, stopped);
        var isOpen = await gate.WriteAsync(head.Raw, isBody: false);
        if (isOpen)
        {
            await foreach (var piece in answers.ReadBodyAsync(head, untilClose: true, stopped))
            {
                // What happens on the way to the client does not keep the server from doing its work.
                isOpen = isOpen && await gate.WriteAsync(piece.Wire, isBody: true);
            }
        }
        else
        {
            await foreach (var piece in answers.ReadBodyAsync(head, untilClose: true, stopped))
            {
                // As above.
            }
        }

        if (!isOpen && !gate.IsGone)
            await EndAsync(((WireFault)fault!).Ending, null);
        return isOpen
            && (head.IsChunked || head.ContentLength is not null)
            && !head.Header("Connection").Equals("close", StringComparison.OrdinalIgnoreCase);
    }

    private async Task EndAsync(FaultEnding ending, Stream? server)
    {
        switch (ending)
        {
            case FaultEnding.Cut:
                server?.Dispose();
                client.Shutdown(SocketShutdown.Send);
                await DrainAsync();
                break;
            case FaultEnding.Reset:
                server?.Dispose();
                client.LingerState = new LingerOption(true, 0);
                client.Close();
                break;
            default:
                if (server is null)
                    await DrainAsync();
                else
                    await Task.Delay(Timeout.Infinite, stopped);
                break;
        }
    }

    /// <summary>Takes whatever the client still sends, until it leaves.</summary>
    private async Task DrainAsync()
    {
        var buffer = new byte[1 << 16];
        while (await _client.ReadAsync(buffer, stopped) > 0)
        {
            // Closing with bytes unread would be a reset.
        }
    }

    private async Task<HttpAnswer> ReadAnswerAsync(Stream server)
    {
        var answers = new HttpWire(server);
        var head = await answers.ReadHeadAsync(stopped) ?? throw new IOException("The server closed without an answer.");
        var body = new MemoryStream();
        await foreach (var piece in answers.ReadBodyAsync(head, untilClose: true, stopped))
        {
            if (piece.IsPayload)
                body.Write(piece.Wire.Span);
        }

        return HttpAnswer.From(head, body.ToArray());
    }

    private async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(target.Host, target.Port, stopped);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
