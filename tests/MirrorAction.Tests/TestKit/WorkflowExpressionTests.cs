using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.TestKit;

public sealed class WorkflowExpressionTests
{
    private static readonly ExpressionContext s_context = new(
        new Dictionary<string, JsonNode?>
        {
            ["github"] = JsonNode.Parse("""{"repository_owner":"acme","event":{"client_payload":{"repository":"acme/website","list":["a","B"]}}}"""),
            ["inputs"] = JsonNode.Parse("""{"dry-run":true,"count":8,"off":false,"text":"0"}"""),
        }
    );

    [Theory]
    [InlineData("'text'", "text")]
    [InlineData("'it''s'", "it's")]
    [InlineData("''", "")]
    [InlineData("1.50", "1.5")]
    [InlineData("-3", "-3")]
    [InlineData("2 == 2 != 2", "true")]
    [InlineData("true", "true")]
    [InlineData("null", "")]
    [InlineData("github.repository_owner", "acme")]
    [InlineData("github['repository_owner']", "acme")]
    [InlineData("github.event.client_payload.list[1]", "B")]
    [InlineData("github.event.client_payload.list[2]", "")]
    [InlineData("github.event.client_payload", "Object")]
    [InlineData("github.event.missing.deeper", "")]
    [InlineData("inputs.dry-run && 'plan' || 'mirror'", "plan")]
    [InlineData("inputs.off && 'plan' || 'mirror'", "mirror")]
    [InlineData("inputs.dry-run && '' || 'the value of a false operand is lost'", "the value of a false operand is lost")]
    [InlineData("inputs.missing || github.repository_owner", "acme")]
    [InlineData("!inputs.off && !(inputs.dry-run == false)", "true")]
    [InlineData("false && true || true", "true")]
    [InlineData("true || false && false", "true")]
    [InlineData("'ACME' == github.repository_owner", "true")]
    [InlineData("inputs.missing == ''", "true")]
    [InlineData("inputs.missing != ''", "false")]
    [InlineData("inputs.missing == false", "true")]
    [InlineData("inputs.text == 0", "true")]
    [InlineData("'word' == 0", "false")]
    [InlineData("'word' != 'other'", "true")]
    [InlineData("github.event == github.event", "true")]
    [InlineData("github.event == ''", "false")]
    [InlineData("contains('Website', 'SITE')", "true")]
    [InlineData("contains(github.event.client_payload.list, 'b')", "true")]
    [InlineData("contains(github.event.client_payload.list, 'bb')", "false")]
    [InlineData("startsWith(github.event.client_payload.repository, format('{0}/', github.repository_owner))", "true")]
    [InlineData("startsWith(github.event.missing, 'a')", "false")]
    [InlineData("endsWith('a-archive', '-Archive')", "true")]
    [InlineData("format('{1} {{0}} {0}', 'a', 2)", "2 {0} a")]
    [InlineData("fromJSON('{\"shard\":[\"1/2\"]}').shard[0]", "1/2")]
    [InlineData("toJSON(inputs.count)", "8")]
    [InlineData("fromJSON(toJSON(inputs)).dry-run", "true")]
    public void Expressions_have_the_values_that_GitHub_gives_them(string expression, string expected) => Text(expression).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("'open")]
    [InlineData("a b")]
    [InlineData("github.")]
    [InlineData("github.*.name")]
    [InlineData("inputs.count > 3")]
    [InlineData("inputs.count < 3")]
    [InlineData("(true")]
    [InlineData("true)")]
    [InlineData("hashFiles('*')")]
    [InlineData("join(github.event)")]
    [InlineData("contains('one')")]
    [InlineData("\"double\"")]
    [InlineData("a = b")]
    [InlineData("a & b")]
    [InlineData("0x")]
    [InlineData("github[0")]
    [InlineData("&& true")]
    public void What_is_not_understood_is_refused_and_not_empty(string expression) =>
        Should.Throw<WorkflowException>(() => WorkflowExpression.Parse(expression)).Message.ShouldContain($"`{expression}`");

    [Theory]
    [InlineData("secrets.token")]
    [InlineData("GitHub.event")]
    [InlineData("format('{1}', 'a')")]
    [InlineData("format('{x}', 'a')")]
    [InlineData("fromJSON('{')")]
    public void What_cannot_be_evaluated_is_refused_and_not_empty(string expression) => Should.Throw<WorkflowException>(() => Text(expression));

    [Fact]
    public void Text_around_expressions_makes_text_and_nothing_around_keeps_the_kind()
    {
        ExpressionTemplate.Parse("${{ inputs.dry-run }}").Evaluate(s_context)!.GetValue<bool>().ShouldBeTrue();
        ExpressionTemplate.Parse("a-${{ inputs.count }}-${{ '}}' }}").Text(s_context).ShouldBe("a-8-}}");
        ExpressionTemplate.Parse("${{ inputs.missing }}").Evaluate(s_context).ShouldBeNull();
        Should.Throw<WorkflowException>(() => ExpressionTemplate.Parse("${{ inputs.count"));
    }

    [Theory]
    [InlineData("true", StatusSoFar.Success, true)]
    [InlineData("true", StatusSoFar.Failure, false)]
    [InlineData("true", StatusSoFar.Skipped, false)]
    [InlineData("always()", StatusSoFar.Failure, true)]
    [InlineData("always() && inputs.off", StatusSoFar.Success, false)]
    [InlineData("failure()", StatusSoFar.Failure, true)]
    [InlineData("failure()", StatusSoFar.Skipped, false)]
    [InlineData("success()", StatusSoFar.Skipped, false)]
    [InlineData("!cancelled()", StatusSoFar.Failure, true)]
    [InlineData("${{ !cancelled() }}", StatusSoFar.Failure, true)]
    [InlineData("'false'", StatusSoFar.Success, true)]
    public void Conditions_ask_for_success_unless_they_say_otherwise(string condition, StatusSoFar status, bool holds) =>
        ExpressionTemplate.ParseCondition(condition).Holds(s_context with { Status = status }).ShouldBe(holds);

    [Fact]
    public void Condition_that_mixes_braces_and_text_is_refused() =>
        Should.Throw<WorkflowException>(() => ExpressionTemplate.ParseCondition("${{ inputs.off }} && true")).Message.ShouldContain("always true");

    private static string Text(string expression) => ExpressionTemplate.Parse($"${{{{ {expression} }}}}").Text(s_context);
}
