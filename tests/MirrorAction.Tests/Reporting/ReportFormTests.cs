using System.Text;
using System.Text.Json.Nodes;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;

namespace MirrorAction.Tests.Reporting;

public sealed class ReportFormTests
{
    [Fact]
    public void Report_comes_back_as_it_was_written()
    {
        var report = Sample.Varied() with { Shard = "2/5", Warnings = ["look"] };

        var read = Sample.Read(Sample.Json(report)).Report!;

        Encoding.UTF8.GetString(Sample.Json(read)).ShouldBe(Encoding.UTF8.GetString(Sample.Json(report)));
    }

    [Theory]
    [InlineData("verify", "deep")]
    [InlineData("restore", "dry-run")]
    [InlineData("backup", "check")]
    public void Report_of_every_mode_comes_back(string mode, string variant)
    {
        var different = Sample.Repository("x", RepositoryStatus.Different) with
        {
            Description = "What x is",
            VerifiedAt = new DateTimeOffset(2026, 11, 18, 2, 0, 0, TimeSpan.Zero),
        };
        var report = Sample.Run(different, Sample.Failed("y", code: ErrorCode.DamagedBackup)) with
        {
            Mode = mode,
            Variant = variant,
            Source = new("folder", []),
        };

        var read = Sample.Read(Sample.Json(report)).Report!;

        (read.Mode, read.Variant, read.Repositories[0].Description, read.Repositories[0].VerifiedAt).ShouldBe(
            (mode, variant, "What x is", different.VerifiedAt)
        );
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
    public void Other_files_are_no_reports(string json) => Sample.Read(Encoding.UTF8.GetBytes(json)).Other.ShouldBe("is no report of mirror-action");

    [Fact]
    public void Joined_report_and_checklist_are_left_out()
    {
        Sample
            .Read(Sample.Json(Sample.Run() with { Shards = [new("1/1", "a/report.json", RunResult.Success, null)] }))
            .Other.ShouldBe("is a joined report");
        Sample.Read(Sample.Json(Sample.Run() with { Mode = "doctor" })).Other.ShouldBe("is a checklist of mode doctor");
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

        Should
            .Throw<FormatException>(() => Read(json))
            .Message.ShouldBe("is no whole report of mirror-action: a number in it is below zero or too large to be true");
    }

    [Fact]
    public void Large_file_of_something_else_takes_little_memory()
    {
        using var file = new Repeated("{\"sources\":["u8, "{\"mode\":\"doctor\",\"totals\":{\"shards\":[1,2,3]}},"u8, 2_000_000, "null]}"u8);
        var before = GC.GetAllocatedBytesForCurrentThread();

        ReportForm.Read(file).Other.ShouldBe("is no report of mirror-action");

        file.Length.ShouldBeGreaterThan(90_000_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void Text_without_end_is_no_report_s()
    {
        using var other = new Repeated("{\"map\":\""u8, "xxxxxxxx"u8, 12_000_000, "\"}"u8);
        using var report = new Repeated("{\"schemaVersion\":1,\"totals\":{},\"version\":\""u8, "xxxxxxxx"u8, 12_000_000, "\"}"u8);

        ReportForm.Read(other).Other.ShouldBe("is no report of mirror-action");
        Should.Throw<FormatException>(() => ReportForm.Read(report)).Message.ShouldContain("longer than 16 MiB");
    }

    [Theory]
    [InlineData("{\"schemaVersion\":1,\"totals\":{}} x")]
    [InlineData("{\"a\":\"\\ud800\",\"schemaVersion\":1,\"totals\":[")]
    public void Odd_text_is_refused(string json) => Should.Throw<FormatException>(() => Sample.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Should.Throw<FormatException>(() => Sample.Read([.. "{\"schemaVersion\":1,\"totals\":{},\"mode\":\""u8, 0xff, 0xfe, .. "\"}"u8]));

    [Fact]
    public void Deep_nesting_is_refused() =>
        Should
            .Throw<FormatException>(() => Sample.Read(Encoding.UTF8.GetBytes("{\"totals\":" + new string('[', 1_000_000))))
            .Message.ShouldStartWith("is no whole report");

    [Fact]
    public void Report_cut_anywhere_is_refused()
    {
        var bytes = Sample.Json(Sample.Varied());
        for (var length = 0; length < bytes.Length; length += 7)
        {
            Should.Throw<FormatException>(() => Sample.Read(bytes[..length]));
        }
    }

    /// <summary>A file of a beginning, one piece over and over, and an end.</summary>
    private sealed class Repeated(ReadOnlySpan<byte> head, ReadOnlySpan<byte> piece, int count, ReadOnlySpan<byte> tail) : Stream
    {
        private readonly byte[] _head = head.ToArray();
        private readonly byte[] _piece = piece.ToArray();
        private readonly byte[] _tail = tail.ToArray();

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => _head.Length + ((long)_piece.Length * count) + _tail.Length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var read = 0;
            for (; read < buffer.Length && Position < Length; read++)
            {
                buffer[read] = At(Position++);
            }

            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        private byte At(long position) =>
            position < _head.Length ? _head[position]
            : position < Length - _tail.Length ? _piece[(position - _head.Length) % _piece.Length]
            : _tail[position - (Length - _tail.Length)];
    }

    private static JsonObject Json(RunReport report) => JsonNode.Parse(Sample.Json(report))!.AsObject();

    private static RunReport? Read(JsonObject json) => Sample.Read(Encoding.UTF8.GetBytes(json.ToJsonString())).Report;
}
