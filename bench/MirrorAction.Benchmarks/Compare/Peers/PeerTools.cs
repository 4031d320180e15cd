using System.Diagnostics;
using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.Benchmarks.Compare.Tools;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Peers;

/// <summary>Other people's engines, as far as this machine has them.</summary>
internal static class PeerTools
{
    /// <summary>Debian's packages that GitPython consists of.</summary>
    private static readonly string[] s_packages = ["python3-git", "python3-gitdb", "python3-smmap"];

    /// <summary>All that can be run here; of the others it is said why not.</summary>
    /// <param name="folder">An empty folder for what has to be unpacked.</param>
    internal static async Task<IReadOnlyList<Tool>> FindAsync(string folder)
    {
        var tools = new List<Tool> { LibGit2() };
        if (await FindGitPythonAsync(folder) is { } path)
        {
            tools.Add(
                HubMirror(path, await RunAsync(folder, "python3", "-c", $"import sys; sys.path[:0] = ['{path}']; import git; print(git.__version__)"))
            );
        }
        else
        {
            Console.Error.WriteLine("python3-git is not installed, and apt does not give it: the engine of hub-mirror-action is left out.");
        }

        return tools;
    }

    private static CommandTool LibGit2() =>
        new(
            new ToolResult(
                "libgit2",
                "LibGit2Sharp",
                typeof(LibGit2Sharp.Repository).Assembly.GetName().Version!.ToString(3),
                "a bare fetch by LibGit2Sharp, a push of what differs; one repository after the other"
            ),
            LibGit2Peer.Invocation,
            keepsClones: false
        );

    private static CommandTool HubMirror(string path, string? version) =>
        new(
            new ToolResult(
                "hub-mirror",
                "hub-mirror-action's engine",
                $"GitPython {version?.Trim()}",
                "clone, push of refs/remotes/origin/* with --tags --prune, by Debian's python3-git; one repository after the other"
            ),
            $"export PYTHONPATH='{path}'; exec python3 '{Path.Combine(AppContext.BaseDirectory, "Compare", "Peers", "hub-mirror.py")}'",
            keepsClones: false
        );

    /// <summary>Where Python finds it; empty where it is installed; null where it can't be had.</summary>
    private static async Task<string?> FindGitPythonAsync(string folder)
    {
        if (Programs.Find("python3") is null)
        {
            return null;
        }

        if (await RunAsync(folder, "python3", "-c", "import git") is not null)
        {
            return "";
        }

        // Unpacked beside the measured program, and installed nowhere.
        if (await RunAsync(folder, "apt-get", ["download", .. s_packages]) is null)
        {
            return null;
        }

        foreach (var package in Directory.EnumerateFiles(folder, "*.deb"))
        {
            if (await RunAsync(folder, "dpkg", "-x", package, folder) is null)
            {
                return null;
            }
        }

        return Path.Combine(folder, "usr", "lib", "python3", "dist-packages");
    }

    /// <summary>What a program prints; null when it fails, or is not there.</summary>
    private static async Task<string?> RunAsync(string folder, string program, params string[] arguments)
    {
        if (Programs.Find(program) is not { } path)
        {
            return null;
        }

        var start = new ProcessStartInfo(path, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : null;
    }
}
