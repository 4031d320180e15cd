using FsCheck;
using FsCheck.Fluent;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.BitbucketDataCenter;

namespace MirrorAction.Tests.Hosts.BitbucketDataCenter;

public sealed class DataCenterNameTests
{
    private static readonly string Alphabet = "abcXYZ019._- /é😀";

    private static Arbitrary<string> Names =>
        Gen.Elements(Alphabet.EnumerateRunes().Select(rune => rune.ToString()))
            .NonEmptyListOf()
            .Select(parts => string.Concat(parts))
            .Or(Gen.Elements("abcABC-".ToCharArray()).ArrayOf(100).Select(letters => new string(letters)))
            .ToArbitrary();

    // printf %s NAME | sha256sum
    [Theory]
    [InlineData("website", "website")]
    [InlineData("My_Tool-2", "my_tool-2")]
    [InlineData("acme.github.io", "acme.github.io")]
    [InlineData("platform/api", "platform-api")]
    [InlineData("with space", "with-space")]
    [InlineData("my--tool", "my-tool-dcae09ff")]
    [InlineData("tool-", "tool-e065ddaf")]
    [InlineData("---", "cb3f91d5")]
    [InlineData("日本", "cf2abf0c")]
    [InlineData("1", "1")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123", "12345678901234567890123456789012345678901234567890123-b97f6a27")]
    public void Name_has_this_slug(string name, string slug) => DataCenterName.For(name).ShouldBe(slug);

    [Theory]
    [InlineData(".github", "github-")]
    [InlineData("_notes", "notes-")]
    [InlineData("-tool", "tool-")]
    public void Name_begins_with_a_letter_or_digit(string name, string begin) => DataCenterName.For(name).ShouldMatch($"^{begin}[0-9a-f]{{8}}$");

    [Fact]
    public void Every_slug_is_one_that_the_host_keeps_as_it_is() =>
        Prop.ForAll(
                Names,
                name =>
                    DataCenterName.For(name) is { Length: > 0 and <= DataCenterName.MaxLength } slug
                    && char.IsAsciiLetterOrDigit(slug[0])
                    && slug.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '-')
                    && DataCenterName.IsKept(slug)
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Mirror_is_called_as_at_Bitbucket_Cloud_where_both_keep_the_name() =>
        Prop.ForAll(
                Names,
                name =>
                    BitbucketSlug.For(name) is var slug
                    && (
                        !char.IsAsciiLetterOrDigit(slug[0])
                        || name[0] is '-' or ' ' or '/' or 'é'
                        || name[0] > 127
                        || DataCenterName.For(name) == slug
                    )
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Names_that_differ_only_in_what_is_not_kept_have_different_slugs() =>
        Prop.ForAll(
                Names,
                name =>
                    DataCenterName.For($"x{name}x--y") != DataCenterName.For($"x{name}x-y")
                    && DataCenterName.For($".{name}") != DataCenterName.For($"_{name}")
                    && DataCenterName.For($"{name}{new string('x', 60)}1") != DataCenterName.For($"{name}{new string('x', 60)}2")
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Slug_of_a_slug_is_itself() =>
        Prop.ForAll(Names, name => DataCenterName.For(DataCenterName.For(name)) == DataCenterName.For(name)).QuickCheckThrowOnFailure();
}
