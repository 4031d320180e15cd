using System.Diagnostics;
using System.Globalization;

namespace MirrorAction.TestKit;

/// <summary>
/// dulwich, a git written in Python from scratch: answers with protocol version 0 only and over HTTP/1.0, and receives packs by its own code.
/// </summary>
public sealed class DulwichServer : IGitServer
{
    // Debian's package belongs to Debian's Python, which need not be the first on PATH.
    private const string Python = "/usr/bin/python3";

    // dulwich.web as a program serves a single repository; this serves the whole folder through the same code.
    private const string Script = """
        import os, sys
        from dulwich.repo import Repo
        from dulwich.server import Backend
        from dulwich.web import make_server, make_wsgi_chain, WSGIRequestHandlerLogger, WSGIServerLogger
        folder = sys.argv[1]
        class Folder(Backend):
            def open_repository(self, path):
                return Repo(os.path.join(folder, path.strip('/')))
        make_server('127.0.0.1', int(sys.argv[2]), make_wsgi_chain(Folder()),
                    handler_class=WSGIRequestHandlerLogger, server_class=WSGIServerLogger).serve_forever()
        """;

    private readonly TempFolder _temp = new("mirror-dulwich-");
    private ServerProgram _program = null!;
    private int _port;

    private DulwichServer() { }

    /// <summary>Why it cannot be used here; null when it can.</summary>
    public static string? SkipReason { get; } = Probe();

    /// <inheritdoc/>
    public string Folder => _temp.Path;

    /// <summary>Empty: dulwich keeps no record.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [];

    /// <summary>Starts serving a temporary folder.</summary>
    public static async Task<DulwichServer> StartAsync()
    {
        var server = new DulwichServer();
        (server._program, server._port) = await ServerProgram.StartAsync(port => new ProcessStartInfo(
            Python,
            ["-c", Script, server.Folder, port.ToString(CultureInfo.InvariantCulture)]
        ));
        return server;
    }

    /// <inheritdoc/>
    public Uri UrlOf(string repository) => new($"http://127.0.0.1:{_port}/{repository}.git");

    public ValueTask DisposeAsync()
    {
        _program.Dispose();
        _temp.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string? Probe()
    {
        if (!File.Exists(Python))
            return $"{Python} is not installed.";
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import dulwich.web"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : "python3-dulwich is not installed.";
    }
}
