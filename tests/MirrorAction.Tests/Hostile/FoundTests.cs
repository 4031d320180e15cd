using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Hostile;

/// <summary>What was found by fuzzing and by reading, cut down to what matters.</summary>
public sealed class FoundTests
{
    [Fact]
    public void Next_page_on_a_host_that_breaks_the_rules_of_international_names_is_refused() =>
        Should.Throw<HostException>(() =>
            new Pagination(new("https://api.example/a")).Follow($"https://p{string.Concat(Enumerable.Repeat("xample.e", 40))}\u00ae.example/")
        );

    [Fact]
    public void Next_page_with_an_address_of_megabytes_is_refused() =>
        Should.Throw<HostException>(() => new Pagination(new("https://api.example/a")).Follow($"https://api.example/{new string('x', 1 << 20)}"));

    [Theory]
    [InlineData("c80180807e")]
    [InlineData("c801ffffffff0f90")]
    public void Delta_sets_no_memory_aside_for_what_it_cannot_make(string delta)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Should.Throw<GitProtocolException>(() => PackDelta.Apply(new byte[200], Convert.FromHexString(delta), PackReader.MaxObjectBytes));

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(200_000);
    }

    [Theory]
    [InlineData("5041434b3c00001404f73945f682e47b6919f4289de485118c5548226465746185853029")]
    [InlineData("5041434b0000000200000001bfffff3f789c")]
    public void Pack_sets_no_memory_aside_for_what_cannot_come(string pack)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Should.Throw<GitProtocolException>(() => PackReader.ReadAll(Convert.FromHexString(pack), ObjectFormat.Sha1).Count());

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(200_000);
    }

    [Fact]
    public void Parents_are_read_without_the_message_behind_them()
    {
        byte[] commit =
        [
            .. Encoding.ASCII.GetBytes($"tree {new string('a', 40)}\nparent {new string('b', 40)}\nauthor x\n"),
            .. Enumerable.Repeat((byte)'\n', 4 << 20),
        ];
        var before = GC.GetAllocatedBytesForCurrentThread();

        PackReader.ParentsOf(commit).Single().ToString().ShouldBe(new string('b', 40));

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(200_000);
    }

    [Theory]
    [InlineData("""{"error":{"message":"no","detail":"\ud800"}}""")]
    [InlineData("""{"error":{"message":"no","fields":{"\ud800":["x"]}}}""")]
    [InlineData("""{"error":{"message":"no","data":{"announcement_url":"\udc00"}}}""")]
    public void Half_a_surrogate_pair_in_a_refusal_is_no_message(string body) => BitbucketError.TryRead(body).ShouldBeNull();

    [Theory]
    [InlineData("a\0 atomic")]
    [InlineData("a\nb")]
    [InlineData("a\u007fb")]
    public async Task Ref_name_with_control_characters_is_refused(string name)
    {
        var line = MirrorAction.TestKit.Transcript.Packet(Encoding.Latin1.GetBytes($"{new string('a', 40)} refs/heads/{name}\n"));

        using var reader = Wire.Reader([.. line, .. "0000"u8]);
        (
            await Should.ThrowAsync<GitProtocolException>(() => LsRefs.ReadAsync(reader, ObjectFormat.Sha1, Wire.Peer, Wire.Token))
        ).Message.ShouldContain("control characters");
    }

    [Fact]
    public void Name_made_of_unended_escape_sequences_is_not_looked_through() =>
        TextSanitizer.IsClean(string.Concat(Enumerable.Repeat("\u001b]", 1 << 20))).ShouldBeFalse();
}
