using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class PushCommandsTests
{
    private static readonly RefUpdate s_create = new(RefName.FromBytes(Wire.Latin1("refs/heads/caf\u00e9")), Wire.Id(0), Wire.Id(1));
    private static readonly RefUpdate s_delete = new(Wire.Branch("gone"), Wire.Id(1), Wire.Id(0));

    [Theory]
    [InlineData("", "")]
    [InlineData("report-status", " report-status")]
    [InlineData("report-status-v2 atomic push-options ofs-delta", "")]
    [InlineData("quiet side-band-64k report-status", " report-status side-band-64k quiet")]
    [InlineData("object-format=sha1 agent=git/2.39.5", " object-format=sha1 agent=acme")]
    public void Only_what_the_server_offers_is_asked_for(string server, string asked) =>
        Escaped
            .Write(PushCommands.Request([s_delete], Wire.Capabilities(server), "acme").Span)
            .ShouldBe($@"{4 + 40 + 1 + 40 + 1 + 15 + 1 + asked.Length:x4}{s_delete.Old} {s_delete.New} refs/heads/gone\0{asked}0000");

    [Fact]
    public void Commands_keep_their_order_and_names_their_bytes()
    {
        var request = Escaped.Write(PushCommands.Request([s_delete, s_create], Wire.Capabilities(""), "acme").Span);

        request.ShouldBe($@"0066{s_delete.Old} {s_delete.New} refs/heads/gone\00065{s_create.Old} {s_create.New} refs/heads/caf\xe90000");
    }
}
