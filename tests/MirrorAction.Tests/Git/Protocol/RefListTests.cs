using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

/// <summary>What is held of a list of refs, and what passes by.</summary>
public sealed class RefListTests
{
    private const string Tip = "refs/tags/mirror-kept/20261121T020000Z/heads/";

    [Fact]
    public void Tips_beyond_any_number_pass_by_and_those_that_are_needed_are_held()
    {
        var list = new RefList(Wire.Peer, name => name.Raw.EndsWith("000000", StringComparison.Ordinal));
        const int Many = 3 * RefList.MaxRefs;
        for (var i = 1; i <= Many; i++)
            Add(list, $"{Tip}{i}");
        Add(list, "refs/heads/main");

        list.Refs.Count.ShouldBe(RefList.MaxTips + 3 + 1);
        list.Refs.Keys.Select(name => name.Raw).ShouldContain($"{Tip}{Many}");
        list.Refs.Keys.Select(name => name.Raw).ShouldContain("refs/heads/main");
    }

    [Fact]
    public void Tips_of_no_great_number_are_all_held()
    {
        var list = new RefList(Wire.Peer);
        for (var i = 0; i < 1000; i++)
            Add(list, $"{Tip}{i}");

        list.Refs.Count.ShouldBe(1000);
    }

    [Fact]
    public void Needed_tips_and_all_other_refs_are_bounded()
    {
        foreach (var name in new[] { Tip, "refs/tags/mirror-kept", "refs/heads/" })
        {
            var list = new RefList(Wire.Peer, _ => true);
            for (var i = 0; i < RefList.MaxRefs; i++)
                Add(list, name);

            Should.Throw<GitProtocolException>(() => Add(list, name)).Message.ShouldContain($"{RefList.MaxRefs} refs");
        }
    }

    private static readonly PktLine s_line = new(PktLineKind.Data, new byte[100]);

    private static void Add(RefList list, string name) => list.Add(RefName.FromText(name), Wire.Id(1), s_line);
}
