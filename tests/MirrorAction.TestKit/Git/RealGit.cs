using System.Diagnostics;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>
/// Runs the installed git in an environment that is the same everywhere: no configuration of the machine or of the user, a fixed author,
/// fixed dates, no prompts.
/// </summary>
public static class RealGit
{
    /// <summary>The date of everything that is not given another one, in seconds of Unix time.</summary>
    public const long Epoch = 1_700_000_000;

    private static readonly (string Key, string Value)[] s_configuration =
    [
        ("safe.directory", "*"),
        ("init.defaultBranch", "main"),
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
        ("receive.autogc", "false"),
        ("core.fsync", "none"),
        // Large blobs of these tests are noise: git would look for what they have in common for minutes.
        ("core.bigFileThreshold", "4m"),
        ("commit.gpgsign", "false"),
        ("tag.gpgsign", "false"),
        ("advice.detachedHead", "false"),
        ("credential.helper", ""),
    ];

    /// <summary>Whether git can be run at all.</summary>
    public static bool IsInstalled { get; } = Programs.Find("git") is not null;

    /// <summary>Runs git in a folder and returns its standard output without the last line break.</summary>
    /// <exception cref="GitFailedException">git ended with another code than 0.</exception>
    public static string Run(string folder, params string[] arguments) => Try(folder, arguments).EnsureSuccess().Text;

    /// <summary>As <see cref="Run"/>, for commands that talk to a server of this process.</summary>
    public static async Task<string> RunAsync(string folder, params string[] arguments) => (await TryAsync(folder, arguments)).EnsureSuccess().Text;

    /// <summary>Runs git and returns whatever came of it; <paramref name="input"/> goes to its standard input.</summary>
    public static GitOutcome Try(string folder, IReadOnlyList<string> arguments, byte[]? input = null) =>
        Task.Run(() => TryAsync(folder, arguments, input)).GetAwaiter().GetResult();

    /// <inheritdoc cref="Try"/>
    public static async Task<GitOutcome> TryAsync(
        string folder,
        IReadOnlyList<string> arguments,
        byte[]? input = null,
        CancellationToken cancellationToken = default
    )
    {
        using var process = Process.Start(StartInfo(folder, arguments))!;
        try
        {
            using var output = new MemoryStream();
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var reading = process.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken);
            try
            {
                await process.StandardInput.BaseStream.WriteAsync(input ?? [], cancellationToken);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // git ended without reading its input; its exit code says why.
            }

            await reading;
            var text = await error;
            await process.WaitForExitAsync(cancellationToken);
            return new GitOutcome(arguments, process.ExitCode, output.ToArray(), text);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>What starts git with the fixed environment; further settings of git go along as if given by <c>-c</c>.</summary>
    internal static ProcessStartInfo StartInfo(
        string folder,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? configuration = null
    )
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        SetEnvironment(start.Environment, configuration);
        return start;
    }

    /// <summary>Replaces an environment by the fixed one.</summary>
    public static void SetEnvironment(IDictionary<string, string?> environment, IEnumerable<KeyValuePair<string, string>>? configuration = null)
    {
        environment.Clear();
        environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        environment["HOME"] = "/nonexistent";
        environment["TMPDIR"] = Path.GetTempPath();
        environment["LC_ALL"] = "C";
        environment["TZ"] = "UTC";
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (var role in (string[])["AUTHOR", "COMMITTER"])
        {
            environment[$"GIT_{role}_NAME"] = "Acme";
            environment[$"GIT_{role}_EMAIL"] = "acme@example.com";
            environment[$"GIT_{role}_DATE"] = $"{Epoch} +0000";
        }

        var count = 0;
        foreach (var (key, value) in s_configuration.Concat((configuration ?? []).Select(entry => (entry.Key, entry.Value))))
        {
            environment[$"GIT_CONFIG_KEY_{count}"] = key;
            environment[$"GIT_CONFIG_VALUE_{count++}"] = value;
        }

        environment["GIT_CONFIG_COUNT"] = count.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
