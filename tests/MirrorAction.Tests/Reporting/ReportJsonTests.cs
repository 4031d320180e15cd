using System.Text;
using System.Text.Json;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Reporting;

public sealed class ReportJsonTests
{
    [Fact]
    public void The_report_has_the_form_of_the_contract() => Snapshot.Match(Encoding.UTF8.GetString(Sample.Json(Sample.Varied())), "report");

    [Fact]
    public void Words_are_kebab_case()
    {
        var codes = Enum.GetValues<ErrorCode>()
            .Select(code =>
                Json(Sample.Run(Sample.Failed("x", code: code))).GetProperty("repositories")[0].GetProperty("error").GetProperty("code").GetString()
            );

        codes.ShouldBe([
            "source-unauthorized",
            "source-forbidden",
            "source-not-found",
            "destination-unauthorized",
            "destination-forbidden",
            "destination-not-found",
            "destination-quota",
            "ref-rejected",
            "prune-guard",
            "not-a-mirror",
            "name-collision",
            "too-large",
            "rate-limited",
            "network",
            "timeout",
            "protocol",
            "lfs",
            "cancelled",
            "internal",
            "no-report",
            "damaged-backup",
        ]);
    }

    [Fact]
    public void The_run_has_an_error_only_when_nothing_could_be_done()
    {
        Json(Sample.Run()).TryGetProperty("error", out _).ShouldBeFalse();
        Json(Sample.Run() with { Error = new(ErrorCode.Network, "m", null) })
            .GetProperty("error")
            .GetProperty("code")
            .GetString()
            .ShouldBe("network");
    }

    [Fact]
    public void Foreign_is_there_only_where_it_is_true_and_comes_back()
    {
        var report = Sample.Run(
            Sample.Repository("x") with
            {
                Changes =
                [
                    new("refs/heads/a", RefChangeKind.Force, Sample.OldId, Sample.NewId, Foreign: true),
                    new("refs/heads/b", RefChangeKind.Force, Sample.OldId, Sample.NewId),
                ],
            }
        );

        var changes = Json(report).GetProperty("repositories")[0].GetProperty("changes");
        changes[0].GetProperty("foreign").GetBoolean().ShouldBeTrue();
        changes[1].TryGetProperty("foreign", out _).ShouldBeFalse();
        Sample.Read(Sample.Json(report)).Report!.Repositories[0].Changes.Select(c => c.Foreign).ShouldBe([true, false]);
    }

    [Theory]
    [MemberData(nameof(HostileText.All), MemberType = typeof(HostileText))]
    public void Any_text_comes_back_from_the_file(string text)
    {
        var expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        Json(Sample.Run(Sample.Failed("x", text)))
            .GetProperty("repositories")[0]
            .GetProperty("error")
            .GetProperty("message")
            .GetString()
            .ShouldBe(expected);
    }

    [Fact]
    public void The_file_appears_whole_and_replaces_an_older_one()
    {
        using var folder = new TemporaryFolder();
        var directory = Path.Combine(folder.Path, "a", "b");
        ReportJson.Write(Sample.Run(), directory);

        var path = ReportJson.Write(Sample.Varied(), directory);

        path.ShouldBe(Path.Combine(directory, "report.json"));
        Directory.GetFileSystemEntries(directory).ShouldBe([path]);
        JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.GetProperty("repositories").GetArrayLength().ShouldBe(6);
    }

    private static JsonElement Json(RunReport report) => JsonDocument.Parse(Sample.Json(report)).RootElement;
}
