using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class LsRefsTests
{
    private static readonly string s_a = Wire.Id(10).ToString();
    private static readonly string s_long = new('5', 64);

    public static TheoryData<string[], string, string?> Legal =>
        new()
        {
            { ["0000"], "", null },
            { [$"{s_a} refs/heads/main", "0000"], "refs/heads/main", null },
            { [$"{s_a} HEAD symref-target:refs/heads/main", $"{s_a} refs/heads/main", "0000"], "refs/heads/main", "refs/heads/main" },
            { [$"{s_a} refs/heads/main", $"{s_a} HEAD symref-target:refs/heads/main", "0000"], "refs/heads/main", "refs/heads/main" },
            { ["unborn HEAD symref-target:refs/heads/trunk", "0000"], "", "refs/heads/trunk" },
            { [$"{s_a} HEAD", "0000"], "", null },
            { [$@"{s_a} refs/heads/main\c", "0000"], "refs/heads/main", null },
            { [$"{s_a} refs/tags/v1 peeled:{s_a}", "0000"], "refs/tags/v1", null },
            { [$"{s_a} HEAD peeled:{s_a} symref-target:refs/heads/x", "0000"], "", "refs/heads/x" },
            { [$"{s_a} refs/heads/main x-unknown:1 another", "0000"], "refs/heads/main", null },
            { [$"{s_a} refs/heads/a symref-target:refs/heads/b", "0000"], "refs/heads/a", null },
            { [$"{s_a} refs/notes/commits", "0000"], "refs/notes/commits", null },
        };

    [Theory]
    [MemberData(nameof(Legal))]
    public async Task Legal_answer_is_read(string[] lines, string names, string? head)
    {
        var refs = await ReadAsync(lines);

        string.Join(' ', refs.Refs.Keys).ShouldBe(names);
        refs.Head?.Raw.ShouldBe(head);
        refs.Head.HasValue.ShouldBe(head is not null);
    }

    public static TheoryData<string[]> Illegal =>
        new()
        {
            new[] { "0001" },
            new[] { "0002" },
            new[] { @"raw:0004" },
            new[] { "version 2", "0000" },
            new[] { "# service=git-upload-pack", "0000" },
            new[] { "refs/heads/main", "0000" },
            new[] { $"{s_a[..39]} refs/heads/main", "0000" },
            new[] { $"{s_a}0 refs/heads/main", "0000" },
            new[] { $"{s_a[..39]}g refs/heads/main", "0000" },
            new[] { $" {s_a} refs/heads/main", "0000" },
            new[] { s_a, "0000" },
            new[] { $"{s_long} refs/heads/main", "0000" },
            new[] { $"{s_a} refs/heads/main", $"{s_long} refs/heads/other", "0000" },
            new[] { $"{s_a} refs/heads/main", "0001", "0000" },
            new[] { @"raw:<html>" },
        };

    [Theory]
    [MemberData(nameof(Illegal))]
    public async Task Illegal_answer_is_refused_for_good(string[] lines) =>
        (await Should.ThrowAsync<GitProtocolException>(() => ReadAsync(lines))).IsTransient.ShouldBeFalse();

    [Fact]
    public async Task Ids_of_sha256_are_read_where_they_belong()
    {
        using var reader = Wire.Reader($"{s_long} refs/heads/main", "0000");

        var refs = await LsRefs.ReadAsync(reader, ObjectFormat.Sha256, Wire.Peer, Wire.Token);

        refs.Refs.Values.Single().ToString().ShouldBe(s_long);
        refs.ObjectFormat.ShouldBe(ObjectFormat.Sha256);
    }

    [Fact]
    public async Task Error_line_is_the_servers_refusal() =>
        (await Should.ThrowAsync<GitRemoteException>(() => ReadAsync("ERR no such repository"))).RemoteMessage.ShouldBe("no such repository");

    [Fact]
    public Task Cut_answer_is_never_taken_for_fewer_refs() =>
        Cuts.NeverPassAsync(
            Wire.Packets($"{s_a} HEAD symref-target:refs/heads/main", $"{s_a} refs/heads/main", "0000"),
            reader => LsRefs.ReadAsync(reader, ObjectFormat.Sha1, Wire.Peer, Wire.Token)
        );

    [Fact]
    public async Task List_without_end_is_given_up()
    {
        using var reader = new PktLineReader(new EndlessStream([], Wire.Packets($"{s_a} refs/heads/main")));

        var e = await Should.ThrowAsync<GitProtocolException>(() => LsRefs.ReadAsync(reader, ObjectFormat.Sha1, Wire.Peer, Wire.Token));

        e.Message.ShouldContain("1000000 refs");
    }

    [Fact]
    public void Damage_gives_a_result_or_an_exception_of_git() =>
        Cuts.RandomDamageIsTold(
            Wire.Packets($"{s_a} HEAD symref-target:refs/heads/main", $"{s_a} refs/heads/main", "0000"),
            reader => LsRefs.ReadAsync(reader, ObjectFormat.Sha1, Wire.Peer, CancellationToken.None)
        );

    [Fact]
    public void Request_asks_for_each_prefix_in_bytes() =>
        Escaped
            .Write(LsRefs.Request(["refs/heads/", "refs/tags/caf\u00e9"], ObjectFormat.Sha256, "acme/1").Span)
            .ShouldBe(
                @"0014command=ls-refs\n0011agent=acme/1\n0019object-format=sha256\n0001000csymrefs\n0014ref-prefix HEAD\n001bref-prefix refs/heads/\n001eref-prefix refs/tags/caf\xe9\n0000"
            );

    private static async Task<RemoteRefs> ReadAsync(params string[] lines)
    {
        using var reader = Wire.Reader(lines);
        return await LsRefs.ReadAsync(reader, ObjectFormat.Sha1, Wire.Peer, Wire.Token);
    }
}
