using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>A handshake that is cut may work the next time; a certificate that is not trusted will not.</summary>
public sealed class SecureConnectionTests
{
    [Fact]
    public async Task Cut_handshake_is_transient()
    {
        await using var server = WireServer.Start(connection => connection.WaitForBytesAsync(10));
        var url = new UriBuilder(server.Url) { Scheme = "https" }.Uri;

        (await GitErrorAsync(url)).IsTransient.ShouldBeTrue();
        server.Connections.ShouldBe(1);
        (await RestErrorAsync(url)).IsTransient.ShouldBeTrue();
        server.Connections.ShouldBe(6, "a REST call is tried five times");
    }

    [Fact]
    public async Task Untrusted_certificate_is_permanent()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AcceptAsync(listener, certificate);
        var url = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

        var git = await GitErrorAsync(url);
        var rest = await RestErrorAsync(url);
        listener.Stop();
        var connections = await serving;

        git.Fault.ShouldBe(ConnectionFault.Certificate);
        git.IsTransient.ShouldBeFalse();
        git.Message.ShouldContain("certificate");
        rest.IsTransient.ShouldBeFalse();
        rest.Failure.Hint.ShouldContain("certificate authority");
        connections.ShouldBe(2);
    }

    [Fact]
    public async Task Trusted_certificate_for_another_name_is_told_as_that()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=git.example.com", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("git.example.com");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AcceptAsync(listener, certificate);
        var url = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        void Trust(SocketsHttpHandler handler)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(certificate);
        }

        var git = await GitErrorAsync(url, Trust);
        var rest = await RestErrorAsync(url, Trust);
        listener.Stop();
        await serving;

        git.Fault.ShouldBe(ConnectionFault.CertificateName);
        rest.IsTransient.ShouldBeFalse();
        rest.Failure.Hint.ShouldContain("another name");
        rest.Failure.Hint.ShouldNotContain("authority");
    }

    [Fact]
    public async Task Address_of_a_port_for_plain_http_is_no_matter_of_certificates()
    {
        await using var server = await StubHost.StartAsync();
        var url = new UriBuilder(server.Url) { Scheme = "https" }.Uri;

        var git = await GitErrorAsync(url);
        var rest = await RestErrorAsync(url);

        git.Fault.ShouldBe(ConnectionFault.NoTls);
        git.IsTransient.ShouldBeFalse();
        rest.IsTransient.ShouldBeFalse();
        rest.Failure.Hint.ShouldContain("plain HTTP");
        rest.Failure.Hint.ShouldNotContain("certificate");
    }

    /// <summary>Shakes hands with whoever comes until the listener stops; how many came.</summary>
    private static async Task<int> AcceptAsync(TcpListener listener, X509Certificate2 certificate)
    {
        var connections = 0;
        try
        {
            while (true)
            {
                using var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
                connections++;
                await using var secure = new SslStream(new NetworkStream(socket, ownsSocket: false));
                await secure.AuthenticateAsServerAsync(certificate).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            return connections; // The end of the test.
        }
    }

    private static async Task<GitTransportException> GitErrorAsync(Uri url, Action<SocketsHttpHandler>? tune = null)
    {
        using var http = new GitHttp(new GitHttpOptions { Tune = tune });
        var client = new UploadPackClient(http, new GitEndpoint(new Uri(url, "acme/website.git")), new TransferCounter());
        return await Should.ThrowAsync<GitTransportException>(client.ListRefsAsync([], TestContext.Current.CancellationToken));
    }

    private static async Task<HostException> RestErrorAsync(Uri url, Action<SocketsHttpHandler>? tune = null)
    {
        var handler = RestTransport.CreateHandler();
        tune?.Invoke(handler);
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var client = new GitHubSource(http, new GitHubOptions { ApiUrl = url, Token = "ghp_x" }, new HurriedTime(500), _ => { });
        return await Should.ThrowAsync<HostException>(() => client.ListAsync("acme", TestContext.Current.CancellationToken));
    }
}
