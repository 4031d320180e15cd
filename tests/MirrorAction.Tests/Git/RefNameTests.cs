using MirrorAction.Git.Model;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

public sealed class RefNameTests
{
    [Fact]
    public void Every_byte_survives() =>
        Gens.Bytes(60)
            .Check(bytes =>
            {
                var name = RefName.FromBytes(bytes);
                var copy = new byte[name.ByteLength];
                name.CopyTo(copy);
                copy.ShouldBe(bytes);
                name.ShouldBe(RefName.FromBytes(bytes));
                name.ToString().ShouldAllBe(c => !char.IsControl(c));
            });

    [Theory]
    [InlineData("refs/heads/main", "refs/heads/main")]
    [InlineData("refs/heads/caf\u00c3\u00a9", "refs/heads/caf\u00e9")]
    [InlineData("refs/heads/caf\u00e9", "refs/heads/caf\u00e9")]
    [InlineData("refs/heads/a\u001bb\u007fc\u0085", "refs/heads/a?b?c?")]
    public void Names_are_shown_as_utf8_where_they_are_utf8(string latin1, string shown) =>
        RefName.FromBytes(Wire.Latin1(latin1)).ToString().ShouldBe(shown);

    [Fact]
    public void Latin1_and_utf8_names_that_look_alike_are_two_branches()
    {
        var (latin1, utf8) = (RefName.FromBytes(Wire.Latin1("refs/heads/caf\u00e9")), RefName.FromText("refs/heads/caf\u00e9"));

        latin1.ShouldNotBe(utf8);
        latin1.ToString().ShouldBe(utf8.ToString());
        utf8.ByteLength.ShouldBe(latin1.ByteLength + 1);
    }

    [Theory]
    [InlineData("refs/heads/x", "refs/heads/x/y", true)]
    [InlineData("refs/heads/x", "refs/heads/x/y/z", true)]
    [InlineData("refs/heads/x", "refs/heads/xy", false)]
    [InlineData("refs/heads/x", "refs/heads/x", false)]
    [InlineData("refs/heads/x", "refs/heads/x-y", false)]
    [InlineData("refs/heads/x", "refs/tags/x/y", false)]
    [InlineData("refs/heads/x/y", "refs/heads/x/z", false)]
    public void File_and_folder_of_one_name_conflict(string one, string other, bool conflict)
    {
        RefName.FromText(one).ConflictsWith(RefName.FromText(other)).ShouldBe(conflict);
        RefName.FromText(other).ConflictsWith(RefName.FromText(one)).ShouldBe(conflict);
    }

    [Theory]
    [InlineData("refs/heads/main", true, false, "main")]
    [InlineData("refs/tags/v1/x", false, true, "v1/x")]
    [InlineData("refs/notes/commits", false, false, "refs/notes/commits")]
    [InlineData("refs/headsx/a", false, false, "refs/headsx/a")]
    [InlineData("HEAD", false, false, "HEAD")]
    public void Kind_and_short_name(string text, bool branch, bool tag, string shortName)
    {
        var name = RefName.FromText(text);
        (name.IsBranch, name.IsTag, name.ShortName).ShouldBe((branch, tag, shortName));
    }

    [Fact]
    public void Names_are_ordered_by_their_bytes()
    {
        string[] sorted = ["refs/heads/A", "refs/heads/a", "refs/heads/a-b", "refs/heads/a/b", "refs/heads/a0", "refs/tags/0"];

        sorted.Reverse().Select(RefName.FromText).Order().Select(n => n.Raw).ShouldBe(sorted);
        default(RefName).CompareTo(RefName.FromText("")).ShouldBe(0);
    }

    [Fact]
    public void Text_is_there_only_for_names_that_it_can_stand_for()
    {
        RefName.FromBytes("refs/heads/main"u8).Text.ShouldBe("refs/heads/main");
        RefName.FromBytes("refs/heads/caf\u00e9"u8).Text.ShouldBe("refs/heads/caf\u00e9");
        RefName.FromBytes([.. "refs/heads/caf"u8, 0xe9]).Text.ShouldBeNull();
    }

    [Fact]
    public void Branch_of_a_list_is_the_one_whose_bytes_text_has_lost()
    {
        var latin1 = RefName.FromBytes([.. "refs/heads/caf"u8, 0xe9]);
        RefName[] refs = [RefName.Branch("main"), RefName.Branch("caf\u00e9"), RefName.FromBytes([.. "refs/tags/caf"u8, 0xe9]), latin1];

        RefName.ListedBranch("caf\uFFFD", refs).ShouldBe(latin1);
        RefName.ListedBranch("caf\u00e9", refs).ShouldBe(refs[1]);
        RefName.ListedBranch("main", refs).ShouldBe(refs[0]);
        RefName.ListedBranch("gone", refs).ShouldBe(RefName.Branch("gone"));
    }
}
