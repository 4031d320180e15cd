using MirrorAction.GitHubActions;
using MirrorAction.Inputs;
using MirrorAction.Secrets;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

public sealed class RunnerFilesTests
{
    [Fact]
    public void Outputs_are_appended_and_read_back_by_the_runners_grammar()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "output");
        File.WriteAllText(path, "earlier=1\n");
        var files = new RunnerFiles(new EnvironmentVariables(new Dictionary<string, string> { ["GITHUB_OUTPUT"] = path }), SecretMasker.None);

        files.AppendOutputs([new("result", "success"), new("odd", "a=b\nc<<EOF\nEOF\nghadelimiter_x"), new("empty", "")]);

        Read(path)
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["earlier"] = "1",
                    ["result"] = "success",
                    ["odd"] = "a=b\nc<<EOF\nEOF\nghadelimiter_x",
                    ["empty"] = "",
                }
            );
        File.ReadAllBytes(path)[0].ShouldBe((byte)'e', "no byte order mark");
    }

    [Fact]
    public void Delimiters_differ_from_run_to_run()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "output");
        new RunnerFiles(new EnvironmentVariables(new Dictionary<string, string> { ["GITHUB_OUTPUT"] = path }), SecretMasker.None).AppendOutputs([
            new("a", "1"),
            new("b", "2"),
        ]);

        var delimiters = File.ReadAllLines(path).Where(line => line.Contains("<<")).Select(line => line.Split("<<")[1]).ToList();
        delimiters.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void The_summary_is_appended_without_secrets()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "summary");
        File.WriteAllText(path, "before\n");

        new RunnerFiles(
            new EnvironmentVariables(new Dictionary<string, string> { ["GITHUB_STEP_SUMMARY"] = path }),
            new SecretMasker(["s3cret"], [])
        ).AppendSummary("the s3cret \ud800\n");

        File.ReadAllText(path).ShouldBe("before\nthe *** \ufffd\n");
    }

    [Fact]
    public void Without_the_files_nothing_happens()
    {
        var files = new RunnerFiles(new EnvironmentVariables(new Dictionary<string, string> { ["GITHUB_OUTPUT"] = "" }), SecretMasker.None);
        Should.NotThrow(() => files.AppendOutputs([new("a", "b")]));
        Should.NotThrow(() => files.AppendSummary("x"));
    }

    /// <summary>As the runner reads it: the first of <c>=</c> and <c>&lt;&lt;</c> in a line decides.</summary>
    private static Dictionary<string, string> Read(string path)
    {
        var values = new Dictionary<string, string>();
        var lines = new Queue<string>(File.ReadAllText(path).Split('\n')[..^1]);
        while (lines.TryDequeue(out var line))
        {
            var here = line.IndexOf("<<", StringComparison.Ordinal);
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0 && (here < 0 || equals < here))
            {
                values[line[..equals]] = line[(equals + 1)..];
                continue;
            }

            var body = new List<string>();
            while (lines.Dequeue() is var next && next != line[(here + 2)..])
            {
                body.Add(next);
            }

            values[line[..here]] = string.Join('\n', body);
        }

        return values;
    }
}
