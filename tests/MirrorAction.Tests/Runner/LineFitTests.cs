using MirrorAction.Hosting;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Secrets;
using MirrorAction.Terminal;
using MirrorAction.Tests.Reporting;
using RunLog = MirrorAction.Logging.RunLog;

namespace MirrorAction.Tests.Runner;

/// <summary>Lines of the log in a terminal of any width.</summary>
public sealed class LineFitTests : IDisposable
{
    private const string Long = "acme/a-name-of-eighty-characters-which-is-legal-on-github-but-too-long-for-bitbucket-";

    private readonly StringWriter _screen = new();

    public void Dispose() => _screen.Dispose();

    [Theory]
    [InlineData("one two three four", 20, "one two three four")]
    [InlineData("one two three four five six", 20, "one two three four\nfive six")]
    [InlineData("  indented text that goes on", 20, "  indented text that\n  goes on")]
    [InlineData("  https://acme.example/a/very/long/address and more", 20, "  https://acme.example/a/very/long/address\n  and more")]
    [InlineData("https://acme.example/a/very/long/address", 20, "https://acme.example/a/very/long/address")]
    [InlineData("  ok         token: reads all of it and writes", 40, "  ok         token: reads all of it and\n             writes")]
    public void Line_is_cut_between_words(string line, int columns, string expected) =>
        string.Join('\n', LineFit.Wrap(line, columns)).ShouldBe(expected);

    [Theory]
    [InlineData("abcdefghij", 10, "abcdefghij")]
    [InlineData("abcdefghij", 7, "abc…hij")]
    [InlineData("ab\U0001F600efghij", 7, "ab…hij")]
    public void Name_loses_its_middle_and_no_half_of_a_sign(string name, int length, string expected) =>
        LineFit.CutMiddle(name, length).ShouldBe(expected);

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void Line_of_a_repository_fits_and_still_says_what_came_of_it(int width)
    {
        Log(Terminal(width), log => log.Write(MessageLevel.Info, "[3/14] {Repository}  {Status}  2 refs", Long, "unchanged"));

        var line = _screen.ToString().TrimEnd('\n');
        line.Length.ShouldBeLessThanOrEqualTo(width);
        line.ShouldStartWith("[3/14] acme/a-name");
        line.ShouldEndWith("bitbucket-  unchanged  2 refs");
    }

    [Fact]
    public void Whole_text_is_there_where_nobody_says_how_wide_it_may_be()
    {
        Log(Elsewhere(), log => log.Write(MessageLevel.Info, "[3/14] {Repository}  {Status}  {Message}", Long, "unchanged", new string('x', 200)));

        _screen.ToString().ShouldContain(Long);
    }

    [Fact]
    public void Columns_says_it_for_pipes_too()
    {
        Log(Elsewhere("40"), log => log.Write(MessageLevel.Error, "{Message}", "Nothing was changed at all, which is why it goes on."));

        _screen.ToString().ShouldBe("error: Nothing was changed at all, which\n       is why it goes on.\n");
    }

    [Fact]
    public void Command_to_copy_stays_in_one_line()
    {
        var command = string.Join(' ', Enumerable.Repeat("word", 40));

        Log(Terminal(60), log => log.Write(MessageLevel.Info, "  {Command}", command));

        _screen.ToString().ShouldBe($"  {command}\n");
    }

    [Fact]
    public void Secret_that_a_break_would_part_is_hidden()
    {
        const string Secret = "first second-part-of-it third";
        var console = new RunConsole(_screen, SecretMasker.None);
        console.AddSecrets([Secret], announce: false);

        console.WriteText($"some words in front {Secret} end", columns: 30);

        _screen.ToString().ShouldNotContain("second-part");
    }

    [Theory]
    [InlineData("failed", "\u001b[31m")]
    [InlineData("different", "\u001b[31m")]
    [InlineData("problem", "\u001b[31m")]
    [InlineData("warning", "\u001b[33m")]
    [InlineData("mirrored", "")]
    public void What_went_wrong_has_its_colour(string status, string colour)
    {
        Log(Terminal(80), log => log.Write(MessageLevel.Info, "{Repository}  {Status}", "acme/website", status));

        var expected = $"{colour}acme/website  {status}{(colour.Length == 0 ? "" : "\u001b[0m")}\n";
        _screen.ToString().ShouldBe(expected);
    }

    private static ProcessEnvironment Terminal(int width) =>
        Elsewhere() with
        {
            Environment = new EnvironmentVariables(new Dictionary<string, string> { ["TERM"] = "xterm" }),
            IsOutputRedirected = false,
            Width = () => width,
        };

    private static ProcessEnvironment Elsewhere(string? columns = null) =>
        new()
        {
            Environment = new EnvironmentVariables(columns is null ? [] : new Dictionary<string, string> { ["COLUMNS"] = columns }),
            Output = new ProgramOutput(() => TextWriter.Null, () => TextWriter.Null),
            WorkingDirectory = "/",
        };

    private void Log(ProcessEnvironment surroundings, Action<RunLog> write)
    {
        using var log = new RunLog(new RunConsole(_screen, SecretMasker.None), surroundings);
        write(log);
    }
}
