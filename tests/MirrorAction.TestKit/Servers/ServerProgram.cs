using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>A server that is a program of its own, on a free port of 127.0.0.1, ended with everything it started.</summary>
internal sealed class ServerProgram : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private const int LowestPort = 20_000;
    private const int Ports = 12_000;

    // Another place in the row for each of the processes that run at the same time.
    private static int s_ports = Environment.ProcessId * 97 % Ports;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServerProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts a program and waits until its port answers. Another port is tried when somebody else was quicker to take it.</summary>
    /// <exception cref="InvalidOperationException">The program ended or did not answer; the message holds what it wrote.</exception>
    public static async Task<(ServerProgram Program, int Port)> StartAsync(Func<int, ProcessStartInfo> describe)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            var start = describe(port);
            start.RedirectStandardOutput = start.RedirectStandardError = true;
            var program = new ServerProgram(Process.Start(start)!);
            if (await program.AnswersAsync(port))
                return (program, port);
            var output = program._output.ToString();
            program.Dispose();
            if (attempt == 3)
                throw new InvalidOperationException($"{start.FileName} did not start.\n{output}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>
    /// A port that nobody has, below those that the system gives to whoever asks for any: between the look and the program's own start no other test
    /// can get it, so that what answers there is the program.
    /// </summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = LowestPort + (Interlocked.Increment(ref s_ports) % Ports);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // The next one.
            }
        }
    }

    private async Task<bool> AnswersAsync(int port)
    {
        var waited = Stopwatch.StartNew();
        while (!_process.HasExited && waited.Elapsed < s_patience)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(20);
            }
        }

        return false;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
