using FsCheck;
using FsCheck.Fluent;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.Bitbucket;

public sealed class BitbucketSlugTests
{
    public static TheoryData<string, string> Documented { get; } =
        new(
            File.ReadLines(Checkout.PathOf("docs", "CONFIGURATION.md"))
                .SkipWhile(line => line != "## Names at Bitbucket")
                .Skip(1)
                .TakeWhile(line => !line.StartsWith('#'))
                .Select(line => line.Split('`'))
                .Where(cells => cells is ["| ", _, " | ", _, ..])
                .Select(cells => (cells[1], cells[3]))
        );

    private static readonly string Alphabet = "abcXYZ019._- /é😀";

    private static Arbitrary<string> Names =>
        Gen.Elements(Alphabet.EnumerateRunes().Select(rune => rune.ToString()))
            .NonEmptyListOf()
            .Select(parts => string.Concat(parts))
            .Or(Gen.Elements("abcABC-".ToCharArray()).ArrayOf(100).Select(letters => new string(letters)))
            .ToArbitrary();

    [Theory]
    [InlineData("website", "website")]
    [InlineData("Website", "website")]
    [InlineData(".github", ".github")]
    [InlineData("acme.github.io", "acme.github.io")]
    [InlineData("My_Tool-2", "my_tool-2")]
    [InlineData("with space", "with-space")]
    [InlineData("größe", "gr-e-d353a267")]
    [InlineData("my--tool", "my-tool-dcae09ff")]
    [InlineData("my---tool", "my-tool-fcba448a")]
    [InlineData("MY--Tool", "my-tool-34edb22c")]
    [InlineData("tool-", "tool-e065ddaf")]
    [InlineData("tool!", "tool-e83caa3e")]
    [InlineData("-tool", "tool-6a6d6fa7")]
    [InlineData("...", "...-ab5df625")]
    [InlineData("_", "_-d2e2adf7")]
    [InlineData("---", "cb3f91d5")]
    [InlineData("日本", "cf2abf0c")]
    [InlineData("1", "1")]
    [InlineData("a😀b", "a-b")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012", "12345678901234567890123456789012345678901234567890123456789012")]
    // printf %s NAME | sha256sum
    [InlineData("123456789012345678901234567890123456789012345678901234567890123", "12345678901234567890123456789012345678901234567890123-b97f6a27")]
    [InlineData("123456789012345678901234567890123456789012345678901--56789012345", "123456789012345678901234567890123456789012345678901-f8471611")]
    [InlineData("12345678901234567890123456789012345678901234567890123-5678901234", "12345678901234567890123456789012345678901234567890123-e09ebcd6")]
    [InlineData(
        "A-Very-Long-Repository-Name-That-Goes-On-And-On-Until-It-Has-Eighty-Letters-All-In",
        "a-very-long-repository-name-that-goes-on-and-on-until-b17b076b"
    )]
    public void Name_has_this_slug(string name, string slug) => BitbucketSlug.For(name).ShouldBe(slug);

    [Theory]
    [MemberData(nameof(Documented))]
    public void Documented_name_has_the_documented_slug(string name, string slug) => BitbucketSlug.For(name).ShouldBe(slug);

    [Fact]
    public void Every_slug_is_legal() =>
        Prop.ForAll(
                Names,
                name =>
                    BitbucketSlug.For(name) is { Length: > 0 and <= BitbucketSlug.MaxLength } slug
                    && slug.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '-')
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_slug_is_one_that_the_host_keeps_as_it_is() =>
        Prop.ForAll(
                Names,
                name =>
                    BitbucketSlug.For(name) is var slug
                    && !slug.Contains("--", StringComparison.Ordinal)
                    && slug[0] != '-'
                    && slug[^1] != '-'
                    && slug.Any(char.IsAsciiLetterOrDigit)
                    && BitbucketSlug.IsKept(slug)
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Names_that_differ_in_dashes_only_have_different_slugs() =>
        Prop.ForAll(
                Names,
                name =>
                    BitbucketSlug.For($"x{name}x--y") != BitbucketSlug.For($"x{name}x-y")
                    && BitbucketSlug.For($"x{name}x---y") != BitbucketSlug.For($"x{name}x--y")
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("my--tool", "my-tool")]
    [InlineData("-tool-", "tool")]
    [InlineData("website", null)]
    [InlineData("Web.Site", null)]
    [InlineData("...", null)]
    [InlineData("---", null)]
    public void Slug_of_the_time_before_is_the_one_that_the_host_made(string name, string? slug) => BitbucketSlug.FormerFor(name).ShouldBe(slug);

    [Fact]
    public void Slug_of_a_slug_is_itself() =>
        Prop.ForAll(Names, name => BitbucketSlug.For(BitbucketSlug.For(name)) == BitbucketSlug.For(name)).QuickCheckThrowOnFailure();

    [Fact]
    public void Names_of_plain_words_differ_from_their_slug_only_in_case() =>
        Prop.ForAll(
                Names,
                name =>
                {
                    var words = string.Join(
                        '-',
                        name.Split(['-', ' ', '/', 'é'])
                            .Select(word => string.Concat(word.Where(char.IsAscii)))
                            .Where(word => word.Any(char.IsAsciiLetterOrDigit))
                    );
                    return words.Length is 0 or > BitbucketSlug.MaxLength
                        || BitbucketSlug.For(words).Equals(words, StringComparison.OrdinalIgnoreCase);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Long_names_that_differ_only_at_the_end_have_different_slugs() =>
        Prop.ForAll(
                Names,
                name =>
                {
                    var stem = name + new string('x', 60);
                    return BitbucketSlug.For(stem + "1") != BitbucketSlug.For(stem + "2");
                }
            )
            .QuickCheckThrowOnFailure();
}
