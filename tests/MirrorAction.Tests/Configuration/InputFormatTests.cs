using MirrorAction.Inputs;

namespace MirrorAction.Tests.Configuration;

public sealed class InputFormatTests
{
    [Theory]
    [InlineData("a,b", new[] { "a", "b" })]
    [InlineData(" a , , b ,", new[] { "a", "b" })]
    [InlineData("a\r\nb\n\n c", new[] { "a", "b", "c" })]
    [InlineData("/^a{1,2}$/", new[] { "/^a{1,2}$/" })]
    [InlineData("x,/a{1,2}/ , y", new[] { "x", "/a{1,2}/", "y" })]
    [InlineData("/a/,/b,c/\nd", new[] { "/a/", "/b,c/", "d" })]
    [InlineData("/unclosed,b", new[] { "/unclosed", "b" })]
    [InlineData("", new string[0])]
    public void A_list_is_split_at_commas_and_newlines_but_not_inside_a_regex(string text, string[] items) => InputFormat.List(text).ShouldBe(items);

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("TRUE", true)]
    [InlineData("false", false)]
    [InlineData("False", false)]
    [InlineData("FALSE", false)]
    public void Booleans_are_those_of_YAML(string text, bool value) => InputFormat.Boolean(text).ShouldBe(value);

    [Theory]
    [InlineData("yes")]
    [InlineData("1")]
    [InlineData("tRue")]
    public void Other_booleans_are_refused(string text) =>
        Should.Throw<FormatException>(() => InputFormat.Boolean(text)).Message.ShouldBe($"expected true or false, not '{text}'.");

    [Theory]
    [InlineData("0", 0)]
    [InlineData("500ms", 500)]
    [InlineData("2s", 2000)]
    [InlineData("60m", 3_600_000)]
    public void Durations_have_a_unit(string text, int milliseconds) => InputFormat.Duration(text).TotalMilliseconds.ShouldBe(milliseconds);

    [Theory]
    [InlineData("5")]
    [InlineData("-1s")]
    [InlineData("1.5s")]
    [InlineData("61m")]
    [InlineData("ms")]
    [InlineData("2147483647m")]
    public void Other_durations_are_refused(string text) =>
        Should.Throw<FormatException>(() => InputFormat.Duration(text)).Message.ShouldContain("500ms, 2s or 1m");

    [Theory]
    [InlineData("https://github.com", "https://github.com/")]
    [InlineData("https://github.com/", "https://github.com/")]
    [InlineData("https://ghe.example.com/api/v3/", "https://ghe.example.com/api/v3")]
    [InlineData("http://localhost:8080/", "http://localhost:8080/")]
    [InlineData("http://127.0.0.1:1/2.0", "http://127.0.0.1:1/2.0")]
    [InlineData("http://127.8.9.10/x", "http://127.8.9.10/x")]
    [InlineData("http://[::1]:99/a", "http://[::1]:99/a")]
    public void Good_URLs_lose_only_their_last_slash(string text, string url) => InputFormat.Url(text, "a token").ToString().ShouldBe(url);

    [Theory]
    [InlineData("http://github.com", "in the clear")]
    [InlineData("http://localhost.example.com", "in the clear")]
    [InlineData("http://10.0.0.1", "in the clear")]
    [InlineData("http://[fe80::1]", "in the clear")]
    [InlineData("ftp://github.com", "https://")]
    [InlineData("file:///etc/passwd", "https://")]
    [InlineData("github.com", "https://")]
    [InlineData("/relative", "https://")]
    [InlineData("https://", "https://")]
    [InlineData("https://github.com/?a=b", "query")]
    [InlineData("https://github.com/#a", "fragment")]
    public void Other_URLs_are_refused(string text, string why) =>
        Should.Throw<FormatException>(() => InputFormat.Url(text, "a token")).Message.ShouldContain(why);

    [Theory]
    [InlineData("https://joe:pa55word@github.com")]
    [InlineData("https://pa55word@github.com")]
    [InlineData("https://joe:pa55word@github.com:badport/")]
    [InlineData("http://joe:pa55word@github.com/?x")]
    public void A_password_in_a_URL_is_refused_and_not_repeated(string text) =>
        Should.Throw<FormatException>(() => InputFormat.Url(text, "github-token")).Message.ShouldNotContain("pa55word");

    [Fact]
    public void A_password_in_a_URL_is_refused_with_a_word_where_it_belongs() =>
        Should
            .Throw<FormatException>(() => InputFormat.Url("https://joe:pa55word@github.com", "github-token"))
            .Message.ShouldContain("use github-token instead");

    [Theory]
    [InlineData("1", 1)]
    [InlineData("64", 64)]
    public void Whole_numbers_within_bounds_are_taken(string text, int value) => InputFormat.WholeNumber(text, 1, 64).ShouldBe(value);

    [Theory]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("99999999999")]
    [InlineData("٣")]
    public void Other_numbers_are_refused_with_the_bounds(string text) =>
        Should.Throw<FormatException>(() => InputFormat.WholeNumber(text, 1, 64)).Message.ShouldContain("from 1 to 64");
}
