using System.Diagnostics;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Docs;

/// <summary>The first command that somebody runs who has never seen the project: <c>samples/sandbox</c>.</summary>
public sealed class FirstCommandTests : IDisposable
{
    private const int Columns = 80;

    private readonly TempFolder _folder = new("first-command-");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_speaks_before_it_builds_shows_a_failure_and_its_fix_and_ends_with_the_page_and_the_next_step()
    {
        var page = Checkout.PathOf("artifacts", "sandbox", "report.html");
        if (File.Exists(page))
            File.Delete(page);

        var (exitCode, output, errors) = await RunAsync([]);

        exitCode.ShouldBe(0, output + errors);
        errors.ShouldBeEmpty();
        var lines = output.Split('\n');

        // What it is comes first, then that it builds, then what the build says.
        lines[0].ShouldStartWith("MirrorAction sandbox");
        ShouldFollowEachOther(
            output,
            "\nBuilding ",
            "\n  MirrorAction.Fake built\n",
            "\nTwo hosts are up",
            "organisation acme",
            "── First run",
            "acme/newsletter  failed",
            "error: acme/newsletter: acme-mirror/newsletter exists",
            "run once with 'adopt: true'",
            "│ ❌ ",
            "What to do: ",
            "── Second run: after the fix",
            "acme/newsletter  mirrored, created",
            "│ ✅ ",
            "── Third run",
            "All is well: ",
            "── What next?",
            "artifacts/sandbox/report.html\n",
            "init --bitbucket-workspace YOUR-WORKSPACE\n"
        );
        lines.ShouldAllBe(line => line.Length <= Columns);
        File.ReadAllText(page).ShouldContain("acme/newsletter");
        lines.Count(line => line.Length > 0).ShouldBeLessThan(200);
    }

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("--no-such-option", 2)]
    public async Task Its_options_are_told(string option, int code)
    {
        var (exitCode, output, _) = await RunAsync([option]);

        exitCode.ShouldBe(code, output);
        output.ShouldContain("Usage: samples/sandbox [OPTIONS]\n");
        output.Split('\n').ShouldAllBe(line => line.Length <= Columns);
    }

    [Fact]
    public async Task Where_the_sdk_is_missing_it_says_so()
    {
        var (exitCode, _, errors) = await RunAsync([], path: _folder.CreateFolder("only"));

        exitCode.ShouldBe(2);
        errors.ShouldContain(".NET SDK 10");
    }

    [Fact]
    public async Task A_build_that_fails_is_shown_and_nothing_is_started()
    {
        var (exitCode, output, errors) = await RunAsync(["--help"], build: "echo 'Program.cs(1,1): error CS1002: ; expected'; exit 1");

        exitCode.ShouldBe(2);
        errors.ShouldContain("CS1002");
        output.ShouldNotContain("Usage");
    }

    private static void ShouldFollowEachOther(string text, params string[] parts)
    {
        var at = 0;
        foreach (var part in parts)
        {
            var found = text.IndexOf(part, at, StringComparison.Ordinal);
            found.ShouldBeGreaterThanOrEqualTo(at, $"'{part}' is not where it is expected, behind:\n{text[..at]}\nin:\n{text[at..]}");
            at = found + part.Length - 1;
        }
    }

    /// <summary>Everything is real but for the build, which the tests have behind them: it would change files that other tests run.</summary>
    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string[] args,
        string? path = null,
        string build = "echo '  MirrorAction.Fake -> /nowhere/MirrorAction.Fake.dll'"
    )
    {
        var bin = _folder.CreateFolder($"bin-{Guid.NewGuid():N}");
        var dotnet = Path.Combine(bin, "dotnet");
        await File.WriteAllTextAsync(
            dotnet,
            $"""
            #!/bin/bash
            if [ "$1" != build ]; then exec '{Programs.Find("dotnet")}' "$@"; fi
            {build}

            """
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(dotnet, (UnixFileMode)0b111_101_101);
        foreach (var tool in (string[])["bash", "dirname", "git"])
        {
            if (path is not null)
                File.CreateSymbolicLink(Path.Combine(path, tool), Programs.Find(tool)!);
        }

        var start = new ProcessStartInfo(Programs.Find("bash")!, [Checkout.PathOf("samples", "sandbox"), .. args])
        {
            WorkingDirectory = Checkout.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = path ?? $"{bin}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }
}
