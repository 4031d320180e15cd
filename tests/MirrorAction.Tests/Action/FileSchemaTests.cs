using System.Text;
using System.Text.Json.Nodes;
using MirrorAction.Reporting;
using MirrorAction.TestKit;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Action;

/// <summary>The schemas of the files that the program writes take those, and nothing that is no such file.</summary>
public sealed class FileSchemaTests
{
    private const string ReportSchema = "report.schema.json";

    [Fact]
    public void Report_of_a_run_fits_its_schema() => SchemaCheck.ProblemsOf(Written(), ReportSchema).ShouldBeEmpty();

    [Theory]
    [InlineData("mode")]
    [InlineData("totals")]
    [InlineData("repositories")]
    public void Report_without_what_every_one_has_does_not(string field)
    {
        var report = JsonNode.Parse(Written())!.AsObject();
        report.Remove(field);

        SchemaCheck.ProblemsOf(report.ToJsonString(), ReportSchema).ShouldBe([$": lacks {field}"]);
    }

    [Theory]
    [InlineData("status", "done")]
    [InlineData("attempts", "many")]
    public void Report_with_a_value_of_another_kind_does_not(string field, string value)
    {
        var report = JsonNode.Parse(Written())!;
        report["repositories"]![0]![field] = value;

        SchemaCheck.ProblemsOf(report.ToJsonString(), ReportSchema).ShouldHaveSingleItem().ShouldContain($"/repositories/0/{field}");
    }

    [Fact]
    public void Every_field_is_described()
    {
        foreach (var schema in new[] { ReportSchema, "manifest.schema.json" })
        {
            var properties = JsonNode.Parse(File.ReadAllText(Checkout.PathOf("docs", schema)))!["properties"]!.AsObject();
            properties.Where(property => property.Value!["description"] is null).Select(property => property.Key).ShouldBeEmpty(schema);
        }
    }

    private static string Written()
    {
        using var file = new MemoryStream();
        ReportJson.Serialize(Sample.Varied(), file);
        return Encoding.UTF8.GetString(file.ToArray());
    }
}
