using System.Net;
using System.Text;
using MirrorAction.Inputs;
using MirrorAction.Secrets;

namespace MirrorAction.Tests.Configuration;

public sealed class EnvironmentProxyTests
{
    public static TheoryData<string> Variables => ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

    [Theory]
    [MemberData(nameof(Variables))]
    public void User_and_password_of_a_proxy_are_secrets(string variable)
    {
        var masker = Masker(variable, "http://svc%40acme:pa%3Ass-w%2Frd@proxy.acme.example:3128/");

        foreach (
            var form in new[]
            {
                "svc@acme",
                "svc%40acme",
                "pa:ss-w/rd",
                "pa%3Ass-w%2Frd",
                Base64("svc@acme:pa:ss-w/rd").TrimEnd('='),
                "svc%40acme:pa%3Ass-w%2Frd",
            }
        )
            masker.Redact($"x {form} at proxy.acme.example:3128").ShouldBe("x *** at proxy.acme.example:3128");

        var announced = new StringWriter();
        masker.Announce(announced);
        announced.ToString().ShouldContain("::add-mask::pa:ss-w/rd\n");
        announced.ToString().ShouldContain($"::add-mask::{Base64("svc@acme:pa:ss-w/rd").TrimEnd('=')}\n");
    }

    [Theory]
    [InlineData("joe-user:pass-word1@proxy.acme.example:3128", "joe-user pass-word1")]
    [InlineData("http://joe-user:p@ss/word1@proxy.acme.example", "joe-user p@ss/word1")]
    [InlineData("socks5://api-key-0123456789@proxy.acme.example", "api-key-0123456789")]
    public void Login_is_found_however_the_address_is_written(string address, string login) =>
        login.Split(' ').Select(Masker("ALL_PROXY", address).Redact).ShouldAllBe(redacted => redacted == "***");

    [Theory]
    [InlineData("http://proxy.acme.example:3128")]
    [InlineData("proxy")]
    [InlineData("@")]
    [InlineData("http://%zz@proxy")]
    public void Address_without_a_login_hides_nothing(string address) =>
        Masker("HTTPS_PROXY", address).Redact("http://proxy.acme.example:3128").ShouldBe("http://proxy.acme.example:3128");

    [Theory]
    [InlineData("http://localhost:8080/x")]
    [InlineData("https://LOCALHOST/x")]
    [InlineData("http://127.0.0.1/x")]
    [InlineData("http://127.8.9.10:1/x")]
    [InlineData("http://[::1]:8080/x")]
    public void Host_on_loopback_is_asked_directly(string url)
    {
        Proxy.IsBypassed(new Uri(url)).ShouldBeTrue();
        Proxy.GetProxy(new Uri(url)).ShouldBeNull();
    }

    [Fact]
    public void Other_hosts_are_asked_through_it_by_an_address_without_login()
    {
        Proxy.GetProxy(new Uri("https://api.github.com/x")).ShouldBe(new Uri("http://proxy.acme.example:3128/"));
        Proxy.GetProxy(new Uri("https://api.github.com/x"))!.UserInfo.ShouldBeEmpty();
        Proxy.GetProxy(new Uri("https://inside.acme.example/x")).ShouldBeNull();
    }

    private static EnvironmentProxy Proxy =>
        new(new WebProxy("http://user:password@proxy.acme.example:3128/", BypassOnLocal: false, ["inside\\.acme\\.example"]));

    private static SecretMasker Masker(string variable, string value) =>
        SecretMasker.For(new EnvironmentVariables(new Dictionary<string, string> { [variable] = value }), []);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
