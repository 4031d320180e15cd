using FsCheck;
using FsCheck.Fluent;
using MirrorAction.Hosts.Bitbucket;

namespace MirrorAction.Tests.Hosts.Bitbucket;

public sealed class RepositorySlugTests
{
    private static readonly string Alphabet = "abcXYZ019._- /é😀";

    private static Arbitrary<string> Names =>
        Gen.Elements(Alphabet.EnumerateRunes().Select(rune => rune.ToString())).NonEmptyListOf().Select(parts => string.Concat(parts))
            .Or(Gen.Elements("abcABC-".ToCharArray()).ArrayOf(100).Select(letters => new string(letters)))
            .ToArbitrary();

    [Theory]
    [InlineData("website", "website")]
    [InlineData("Website", "website")]
    [InlineData(".github", ".github")]
    [InlineData("acme.github.io", "acme.github.io")]
    [InlineData("My_Tool-2", "my_tool-2")]
    [InlineData("with space", "with-space")]
    [InlineData("größe", "gr--e")]
    [InlineData("a😀b", "a-b")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012", "12345678901234567890123456789012345678901234567890123456789012")]
    // printf %s NAME | sha256sum
    [InlineData("123456789012345678901234567890123456789012345678901234567890123", "12345678901234567890123456789012345678901234567890123-b97f6a27")]
    [InlineData("A-Very-Long-Repository-Name-That-Goes-On-And-On-Until-It-Has-Eighty-Letters-All-In", "a-very-long-repository-name-that-goes-on-and-on-until-b17b076b")]
    public void Name_has_this_slug(string name, string slug) => RepositorySlug.For(name).ShouldBe(slug);

    [Fact]
    public void Every_slug_is_legal() =>
        Prop.ForAll(Names, name => RepositorySlug.For(name) is { Length: > 0 and <= RepositorySlug.MaxLength } slug
            && slug.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '-')).QuickCheckThrowOnFailure();

    [Fact]
    public void Slug_of_a_slug_is_itself() =>
        Prop.ForAll(Names, name => RepositorySlug.For(RepositorySlug.For(name)) == RepositorySlug.For(name)).QuickCheckThrowOnFailure();

    [Fact]
    public void Short_names_differ_from_their_slug_only_in_illegal_letters_and_case() =>
        Prop.ForAll(Names, name => name.EnumerateRunes().Count() > RepositorySlug.MaxLength
            || RepositorySlug.For(name).Zip(name.EnumerateRunes()).All(pair => pair.First == '-' || pair.First == char.ToLowerInvariant((char)pair.Second.Value))).QuickCheckThrowOnFailure();

    [Fact]
    public void Long_names_that_differ_only_at_the_end_have_different_slugs() =>
        Prop.ForAll(Names, name =>
        {
            var stem = name + new string('x', 60);
            return RepositorySlug.For(stem + "1") != RepositorySlug.For(stem + "2");
        }).QuickCheckThrowOnFailure();
}
