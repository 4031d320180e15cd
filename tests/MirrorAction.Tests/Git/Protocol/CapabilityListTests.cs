using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class CapabilityListTests
{
    [Theory]
    [InlineData("", "thin-pack", false, null)]
    [InlineData("thin-pack", "thin-pack", true, null)]
    [InlineData("  thin-pack   ofs-delta ", "ofs-delta", true, null)]
    [InlineData("agent=git/2.39.5", "agent", true, "git/2.39.5")]
    [InlineData("symref=HEAD:refs/heads/a=b", "symref", true, "HEAD:refs/heads/a=b")]
    [InlineData("agent=", "agent", true, "")]
    [InlineData("no-thin", "thin", false, null)]
    [InlineData("side-band-64k", "side-band", false, null)]
    [InlineData("x-unknown=1 quiet", "quiet", true, null)]
    public void V0_list_is_read(string text, string key, bool isThere, string? value)
    {
        var capabilities = Wire.Capabilities(text);

        capabilities.Has(key).ShouldBe(isThere);
        capabilities.Value(key).ShouldBe(value);
    }

    [Theory]
    [InlineData("", ObjectFormat.Sha1)]
    [InlineData("object-format=sha1", ObjectFormat.Sha1)]
    [InlineData("object-format=sha256", ObjectFormat.Sha256)]
    public void Object_format_is_sha1_where_nothing_is_said(string text, ObjectFormat format) =>
        Wire.Capabilities(text).ObjectFormat.ShouldBe(format);

    [Fact]
    public void Unknown_object_format_is_refused_by_name() =>
        Should.Throw<GitProtocolException>(() => Wire.Capabilities("object-format=sha3\u001b[2J").ObjectFormat).Message.ShouldContain("'sha3'");

    [Fact]
    public void Any_bytes_make_a_list() => Gens.Bytes(100).Check(bytes => CapabilityList.ParseV0(bytes).Has("\u0001never").ShouldBeFalse());
}
