using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts.GitHub;

public sealed class AppJwtTests : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _hidden = [];

    public void Dispose() => _key.Dispose();

    private AppJwt Jwt(string id = "42") => new(new GitHubAppKey(id, _key.ExportRSAPrivateKeyPem()), _time, _hidden.Add);

    private static async Task<string> TokenOf(AppJwt jwt) => (await jwt.GetAsync(TestContext.Current.CancellationToken))!.Parameter;

    [Theory]
    [InlineData("42", "42")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("9223372036854775808", "\"9223372036854775808\"")]
    [InlineData("Iv23liAbCd", "\"Iv23liAbCd\"")]
    public async Task Claims_are_dated_a_minute_back_and_signed_with_the_key(string id, string issuer)
    {
        var parts = (await TokenOf(Jwt(id))).Split('.');

        Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])).ShouldBe("""{"alg":"RS256","typ":"JWT"}""");
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        ((long)claims["iat"]!).ShouldBe(now - 60);
        ((long)claims["exp"]!).ShouldBe(now + 540);
        claims["iss"]!.ToJsonString().ShouldBe(issuer);
        _key.VerifyData(
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
                Base64Url.DecodeFromChars(parts[2]),
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            )
            .ShouldBeTrue();
    }

    [Fact]
    public async Task It_is_used_again_until_it_is_half_as_old_as_it_can_be()
    {
        var jwt = Jwt();
        var first = await TokenOf(jwt);
        _time.Advance(TimeSpan.FromMinutes(4));
        (await TokenOf(jwt)).ShouldBe(first);
        _time.Advance(TimeSpan.FromMinutes(1));
        var second = await TokenOf(jwt);

        second.ShouldNotBe(first);
        _hidden.ShouldBe([first, second]);
        jwt.Secrets.ShouldBe([first, second]);
        jwt.Refuse(HttpCredential.Bearer(second)).ShouldBeFalse("another would say the same");
    }
}
