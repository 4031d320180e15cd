using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class RefAdvertisementReaderTests
{
    private const string Service = "git-receive-pack";
    private static readonly string s_a = Wire.Id(10).ToString();
    private static readonly string s_b = Wire.Id(11).ToString();
    private static readonly string s_zero = new('0', 40);

    public static TheoryData<string[], string, int> Legal =>
        new()
        {
            { [$"# service={Service}", "0000", $@"{s_zero} capabilities^{{}}\0report-status", "0000"], "", 0 },
            { [$"# service={Service}", $@"{s_a} refs/heads/main\0report-status", "0000"], "refs/heads/main", 0 },
            { [$@"{s_a} refs/heads/main\0report-status", "0000"], "refs/heads/main", 0 },
            { ["version 1", $@"{s_a} refs/heads/main\0report-status", "0000"], "refs/heads/main", 0 },
            { [$@"{s_a} refs/heads/main\0 report-status agent=x\c", $@"{s_b} refs/heads/next\c", "0000"], "refs/heads/main refs/heads/next", 0 },
            {
                [$@"{s_a} HEAD\0report-status", $"{s_a} refs/heads/main", $"{s_b} refs/tags/v1", $"{s_a} refs/tags/v1^{{}}", "0000"],
                "HEAD refs/heads/main refs/tags/v1",
                0
            },
            { [$@"{s_a} refs/heads/main\0report-status", $"{s_b} .have", $"{s_b} .have", "0000"], "refs/heads/main", 1 },
            { [$@"{s_b} .have\0report-status", $"{s_a} .have", "0000"], "", 2 },
            { ["0000"], "", 0 },
        };

    [Theory]
    [MemberData(nameof(Legal))]
    public async Task Legal_advertisement_is_read(string[] lines, string names, int haves)
    {
        var advertisement = await ReadAsync(lines);

        string.Join(' ', advertisement.Refs.Keys).ShouldBe(names);
        advertisement.Haves.Count.ShouldBe(haves);
        advertisement.Capabilities.Has("report-status").ShouldBe(lines.Length > 1);
        advertisement.ObjectFormat.ShouldBe(ObjectFormat.Sha1);
    }

    public static TheoryData<string[], string> Illegal =>
        new()
        {
            { ["# service=git-upload-pack", "0000"], "was asked for git-receive-pack" },
            { [$"# service={Service}", "0000", $@"{s_a} refs/heads/main\0report-status", $"shallow {s_b}", "0000"], "shallow" },
            { [$@"{s_a} refs/heads/main\0report-status", "0001", "0000"], "Delimiter" },
            { [$@"{s_a} refs/heads/main\0report-status", "0002"], "ResponseEnd" },
            { [$"{s_a[1..]} refs/heads/main", "0000"], "object id" },
            { [s_a, "0000"], "object id" },
            { [@"\0report-status", "0000"], "object id" },
            { ["version 2", "0000"], "object id" },
            { ["raw:<html><body>Log in</body></html>"], "pkt-line" },
            { [$@"{new string('5', 64)} refs/heads/main\0report-status", "0000"], "sha256" },
        };

    [Theory]
    [MemberData(nameof(Illegal))]
    public async Task Illegal_advertisement_is_refused_for_good(string[] lines, string reason)
    {
        var e = await Should.ThrowAsync<GitProtocolException>(() => ReadAsync(lines));

        e.Message.ShouldContain(reason);
        e.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public Task Cut_advertisement_is_never_taken_for_fewer_refs() =>
        Cuts.NeverPassAsync(
            Wire.Packets($"# service={Service}", "0000", $@"{s_a} refs/heads/main\0report-status", $"{s_b} refs/heads/next", "0000"),
            reader => RefAdvertisementReader.ReadAsync(reader, Service, Wire.Peer, Wire.Token)
        );

    [Fact]
    public async Task Advertisement_without_end_is_given_up()
    {
        using var reader = new PktLineReader(new EndlessStream(Wire.Packets($@"{s_a} HEAD\0report-status"), Wire.Packets($"{s_a} .have")));

        (
            await Should.ThrowAsync<GitProtocolException>(() => RefAdvertisementReader.ReadAsync(reader, Service, Wire.Peer, Wire.Token))
        ).Message.ShouldContain("1000000 refs");
    }

    [Fact]
    public void Damage_gives_a_result_or_an_exception_of_git() =>
        Cuts.RandomDamageIsTold(
            Wire.Packets(
                $"# service={Service}",
                "0000",
                $@"{s_a} refs/heads/main\0report-status object-format=sha1",
                $"{s_b} refs/heads/next",
                "0000"
            ),
            reader => RefAdvertisementReader.ReadAsync(reader, Service, Wire.Peer, CancellationToken.None)
        );

    [Fact]
    public async Task Error_line_is_the_servers_refusal() =>
        (await Should.ThrowAsync<GitRemoteException>(() => ReadAsync("ERR Repository not found."))).RemoteMessage.ShouldBe("Repository not found.");

    [Fact]
    public async Task Everything_advertised_is_there_to_build_upon()
    {
        var advertisement = await ReadAsync($@"{s_a} refs/heads/main\0report-status", $"{s_b} .have", "0000");

        advertisement.ObjectIds.ShouldBe([Wire.Id(10), Wire.Id(11)], ignoreOrder: true);
    }

    private static async Task<RefAdvertisement> ReadAsync(params string[] lines)
    {
        using var reader = Wire.Reader(lines);
        return await RefAdvertisementReader.ReadAsync(reader, Service, Wire.Peer, Wire.Token);
    }
}
