using System.Text;
using System.Text.Json.Nodes;
using MirrorAction.Mirroring.Reporting;
using MirrorAction.Reporting;

namespace MirrorAction.Tests.Reporting;

public sealed class ReportFormTests
{
    [Fact]
    public void Report_comes_back_as_it_was_written()
    {
        var report = Sample.Varied() with { Shard = "2/5", Warnings = ["look"] };

        var read = ReportForm.Read(Sample.Json(report)).Report!;

        Encoding.UTF8.GetString(Sample.Json(read)).ShouldBe(Encoding.UTF8.GetString(Sample.Json(report)));
    }

    [Theory]
    [InlineData("verify", "deep")]
    [InlineData("restore", "dry-run")]
    [InlineData("backup", "check")]
    public void Report_of_every_mode_comes_back(string mode, string variant)
    {
        var different = Sample.Repository("x", RepositoryStatus.Different) with { Description = "What x is", VerifiedAt = new DateTimeOffset(2026, 11, 18, 2, 0, 0, TimeSpan.Zero) };
        var report = Sample.Run(different, Sample.Failed("y", code: ErrorCode.DamagedBackup)) with { Mode = mode, Variant = variant, Source = new("folder", []) };

        var read = ReportForm.Read(Sample.Json(report)).Report!;

        (read.Mode, read.Variant, read.Repositories[0].Description, read.Repositories[0].VerifiedAt).ShouldBe((mode, variant, "What x is", different.VerifiedAt));
        Encoding.UTF8.GetString(Sample.Json(read)).ShouldBe(Encoding.UTF8.GetString(Sample.Json(report)));
    }

    [Fact]
    public void Links_in_a_file_are_not_believed()
    {
        var json = Json(Sample.Varied());
        json["repositories"]![0]!["sourceUrl"] = "https://evil.example/";

        Read(json)!.Repositories[0].SourceUrl.ShouldBeNull();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("{}")]
    [InlineData("""{"schemaVersion":1,"pages":[]}""")]
    public void Other_files_are_no_reports(string json) => ReportForm.Read(Encoding.UTF8.GetBytes(json)).Other.ShouldBe("is no report of mirror-action");

    [Fact]
    public void Joined_report_and_checklist_are_left_out()
    {
        ReportForm.Read(Sample.Json(Sample.Run() with { Shards = [new("1/1", "a/report.json", RunResult.Success, null)] })).Other.ShouldBe("is a joined report");
        ReportForm.Read(Sample.Json(Sample.Run() with { Mode = "doctor" })).Other.ShouldBe("is a checklist of mode doctor");
    }

    [Theory]
    [InlineData("2")]
    [InlineData("0")]
    [InlineData("\"1\"")]
    [InlineData("99999999999")]
    public void Other_versions_are_refused(string version)
    {
        var json = Json(Sample.Varied());
        json["schemaVersion"] = JsonNode.Parse(version);

        Should.Throw<FormatException>(() => Read(json)).Message.ShouldStartWith($"has the schemaVersion {version}, and this version reads 1 alone");
    }

    [Theory]
    [InlineData("mode", null)]
    [InlineData("mode", "3")]
    [InlineData("source", "null")]
    [InlineData("source", "{\"owners\":[\"acme\"]}")]
    [InlineData("destination", "{\"host\":\"bitbucket\"}")]
    [InlineData("error", "{\"code\":\"network\"}")]
    [InlineData("repositories", "null")]
    [InlineData("repositories", "[null]")]
    [InlineData("repositories", "{}")]
    [InlineData("orphans", "[null]")]
    [InlineData("orphans", "[{}]")]
    [InlineData("totals", "[]")]
    [InlineData("result", "\"splendid\"")]
    [InlineData("startedAt", "\"yesterday\"")]
    [InlineData("durationMs", "1e99")]
    [InlineData("shard", "\"6/5\"")]
    [InlineData("shard", "\"../x\"")]
    public void Broken_reports_are_refused(string field, string? value)
    {
        var json = Json(Sample.Varied());
        json.Remove(field);
        if (value is not null)
        {
            json[field] = JsonNode.Parse(value);
        }

        Should.Throw<FormatException>(() => Read(json)).Message.ShouldStartWith("is no whole report of mirror-action: ");
    }

    [Theory]
    [InlineData("durationMs", "-1")]
    [InlineData("durationMs", "9223372036854775807")]
    [InlineData("totals/requests", "9223372036854775807")]
    [InlineData("totals/repositories", "2147483647")]
    [InlineData("totals/repositories", "-5")]
    [InlineData("repositories/0/bytesSent", "9223372036854775807")]
    [InlineData("repositories/0/refs/created", "-2147483648")]
    public void Numbers_that_would_spoil_a_sum_are_refused(string path, string value)
    {
        var json = Json(Sample.Varied());
        var steps = path.Split('/');
        var parent = steps[..^1].Aggregate((JsonNode)json, (node, step) => int.TryParse(step, out var i) ? node[i]! : node[step]!);
        parent[steps[^1]] = JsonNode.Parse(value);

        Should.Throw<FormatException>(() => Read(json)).Message.ShouldBe("is no whole report of mirror-action: a number in it is below zero or too large to be true");
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Should.Throw<FormatException>(() => ReportForm.Read(Encoding.UTF8.GetBytes(new string('[', 1_000_000)))).Message.ShouldStartWith("is no whole report");

    [Fact]
    public void Report_cut_anywhere_is_refused()
    {
        var bytes = Sample.Json(Sample.Varied());
        for (var length = 0; length < bytes.Length; length += 7)
        {
            Should.Throw<FormatException>(() => ReportForm.Read(bytes[..length]));
        }
    }

    private static JsonObject Json(RunReport report) => JsonNode.Parse(Sample.Json(report))!.AsObject();

    private static RunReport? Read(JsonObject json) => ReportForm.Read(Encoding.UTF8.GetBytes(json.ToJsonString())).Report;
}
