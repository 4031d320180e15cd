using System.Diagnostics;

namespace MirrorAction.Benchmarks.Http;

/// <summary><see cref="HttpPeers"/> as a process.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private PeerProcess(Process process, Uri plain, Uri secure) => (_process, Plain, Secure) = (process, plain, secure);

    /// <summary>The peers without TLS; HTTP/1.1 only.</summary>
    internal Uri Plain { get; }

    /// <summary>The peers behind TLS; HTTP/1.1 and HTTP/2.</summary>
    internal Uri Secure { get; }

    internal static async Task<PeerProcess> StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(PeerProcess).Assembly.Location, HttpPeers.Name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        return new PeerProcess(
            process,
            new Uri((await process.StandardOutput.ReadLineAsync())!),
            new Uri((await process.StandardOutput.ReadLineAsync())!)
        );
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
