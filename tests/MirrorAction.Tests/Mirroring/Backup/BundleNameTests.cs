using MirrorAction.Mirroring.Backup;

namespace MirrorAction.Tests.Mirroring.Backup;

public sealed class BundleNameTests
{
    private static readonly DateTime s_time = new(2026, 11, 21, 2, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("full-20261121T020000Z.bundle", true)]
    [InlineData("incr-20261121T020000Z.bundle", false)]
    internal void Names_tell_kind_and_time(string file, bool isFull)
    {
        BundleName.TryParse(file, out var kind, out var time).ShouldBeTrue();

        (kind == BundleKind.Full).ShouldBe(isFull);
        time.ShouldBe(s_time);
        time.Kind.ShouldBe(DateTimeKind.Utc);
        BundleName.For(kind, time).ShouldBe(file);
    }

    [Theory]
    [InlineData("")]
    [InlineData("full-.bundle")]
    [InlineData("full-.bundl")]
    [InlineData("full.bundle")]
    [InlineData("Full-20261121T020000Z.bundle")]
    [InlineData("half-20261121T020000Z.bundle")]
    [InlineData("full-20261121T020000Z.bundle.tmp")]
    [InlineData(".full-20261121T020000Z.bundle")]
    [InlineData("full-20261321T020000Z.bundle")]
    [InlineData("full-20261121T020000.bundle")]
    [InlineData("full-../../etc/passwd.bundle")]
    [InlineData("manifest.json")]
    public void Anything_else_is_no_bundle(string file) => BundleName.TryParse(file, out _, out _).ShouldBeFalse();

    [Fact]
    public void Next_time_is_now_in_whole_seconds() =>
        BundleName.NextTime(new DateTimeOffset(s_time).AddMilliseconds(999), ["full-20261121T015959Z.bundle", "manifest.json"]).ShouldBe(s_time);

    [Theory]
    [InlineData("incr-20261121T020000Z.bundle")]
    [InlineData("incr-20270101T000000Z.bundle")] // The clock was set back since.
    public void Next_time_is_later_than_that_of_any_file(string file)
    {
        BundleName.TryParse(file, out _, out var time).ShouldBeTrue();

        BundleName.NextTime(s_time, [file, "full-20261001T000000Z.bundle"]).ShouldBe(time.AddSeconds(1));
    }
}
