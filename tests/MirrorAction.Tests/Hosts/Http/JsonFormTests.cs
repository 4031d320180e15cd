using System.Text;
using System.Text.Json.Serialization.Metadata;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts.Http;

public sealed class JsonFormTests
{
    [Theory]
    [InlineData("""{"login":5}""", "'login'")]
    [InlineData("{\n\"login\":\"acme\",\n\"type\":{\"x\":1}}", "'type'")]
    [InlineData("""{"login":[}""", "'login'")]
    public void Value_of_another_type_is_told_by_its_field(string json, string field) =>
        ProblemOf(json, GitHubJson.Default.GitHubAccount).ShouldContain(field);

    [Theory]
    [InlineData("""{"mainbranch":{"name":["x"]}}""", "'mainbranch'")]
    [InlineData("""{"is_private":"yes"}""", "'is_private'")]
    [InlineData("""{"size":1e999}""", "'size'")]
    [InlineData("""{"size":9223372036854775808}""", "'size'")]
    [InlineData("""{"slug":"\ud800"}""", "'slug'")]
    public void Value_that_cannot_be_one_is_told_by_its_field(string json, string field) =>
        ProblemOf(json, BitbucketJson.Default.BitbucketRepository).ShouldContain(field);

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"s3cret-name":[1,}""")]
    public void Json_that_is_wrong_elsewhere_is_told_without_a_word_of_the_server(string json) =>
        ProblemOf(json, GitHubJson.Default.GitHubAccount).ShouldNotContain("s3cret");

    [Fact]
    public void Number_beyond_32_bits_and_missing_fields_are_taken()
    {
        JsonForm.Read("""{"size":4294967296}"""u8, BitbucketJson.Default.BitbucketRepository).ShouldBe(new BitbucketRepository { Size = 4294967296 });
        JsonForm
            .Read("""{"resources":{"core":{"limit":4294967296,"remaining":9223372036854775807}}}"""u8, GitHubJson.Default.GitHubRateLimits)
            .Resources!.Core.ShouldBe(new GitHubRate(4294967296, long.MaxValue));
        JsonForm.Read("{}"u8, GitHubJson.Default.GitHubInstallation).ShouldBe(new GitHubInstallation());
    }

    private static string ProblemOf<T>(string json, JsonTypeInfo<T> type)
        where T : class => Should.Throw<FormatException>(() => JsonForm.Read(Encoding.UTF8.GetBytes(json), type)).Message;
}
