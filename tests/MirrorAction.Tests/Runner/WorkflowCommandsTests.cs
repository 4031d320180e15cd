using FsCheck;
using FsCheck.Fluent;
using MirrorAction.GitHubActions;
using MirrorAction.TestKit;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

public sealed class WorkflowCommandsTests
{
    [Fact]
    public void Escaped_data_comes_back_as_it_was() =>
        Prop.ForAll(Arbitrary(), text => UnescapeData(WorkflowCommands.EscapeData(text)).ShouldBe(text)).QuickCheckThrowOnFailure();

    [Fact]
    public void Escaped_properties_come_back_as_they_were() =>
        Prop.ForAll(Arbitrary(), text => UnescapeProperty(WorkflowCommands.EscapeProperty(text)).ShouldBe(text)).QuickCheckThrowOnFailure();

    [Fact]
    public void Escaped_text_ends_neither_a_line_nor_a_property() =>
        Prop.ForAll(
                Arbitrary(),
                text =>
                {
                    WorkflowCommands.EscapeData(text).IndexOfAny(['\r', '\n']).ShouldBe(-1);
                    WorkflowCommands.EscapeProperty(text).IndexOfAny(['\r', '\n', ':', ',']).ShouldBe(-1);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Commands_have_the_runners_form() =>
        Snapshot.Match(
            string.Join(
                '\n',
                WorkflowCommands.Group("[1/2] acme/website  mirrored"),
                WorkflowCommands.EndGroup,
                WorkflowCommands.Error("50% done\nthen: lost, again", "acme/x: a,b"),
                WorkflowCommands.Warning("careful"),
                WorkflowCommands.Debug("detail"),
                WorkflowCommands.AddMask("a%b\nc")
            ),
            "workflow-commands"
        );

    [Theory]
    [MemberData(nameof(HostileText.All), MemberType = typeof(HostileText))]
    public void Hostile_text_stays_inside_its_command(string text)
    {
        foreach (
            var command in new[]
            {
                WorkflowCommands.Error(text, text),
                WorkflowCommands.Warning(text),
                WorkflowCommands.Debug(text),
                WorkflowCommands.Group(text),
            }
        )
        {
            command.IndexOfAny(['\r', '\n', '\u0085', '\u2028', '\u001b']).ShouldBe(-1);
            command.ShouldNotContain("##[");
            command.Length.ShouldBeLessThan(200_000);
        }
    }

    [Fact]
    public void A_message_is_cut_where_the_runner_would_cut_it() =>
        WorkflowCommands
            .Error(string.Join('\n', Enumerable.Repeat(new string('x', 1000), 10)))
            .Replace("%0A", "\n")
            .Length.ShouldBe("::error::".Length + 4096);

    private static Arbitrary<string> Arbitrary() =>
        Gen.ListOf(
                Gen.OneOf(
                    Gen.Elements("%", "%25", "%0A", "%0D", "%3A", "%2C", "\r", "\n", ":", ",", "::"),
                    ArbMap.Default.GeneratorFor<char>().Select(c => c.ToString())
                )
            )
            .Select(parts => string.Concat(parts))
            .ToArbitrary();

    /// <summary>As the runner does it (ActionCommand.cs): the percent sign last.</summary>
    private static string UnescapeData(string text) => text.Replace("%0D", "\r").Replace("%0A", "\n").Replace("%25", "%");

    private static string UnescapeProperty(string text) =>
        text.Replace("%0D", "\r").Replace("%0A", "\n").Replace("%3A", ":").Replace("%2C", ",").Replace("%25", "%");
}
