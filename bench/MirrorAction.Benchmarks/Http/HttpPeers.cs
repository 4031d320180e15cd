using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Http;

/// <summary>
/// Both peers of a relay without git behind them, as a process of their own: a source that makes a pack of any size from memory, a destination that
/// swallows one, and a small REST answer. What the measured process spends is then the relay's own.
/// </summary>
internal static class HttpPeers
{
    /// <summary>The value of the source's only ref.</summary>
    internal const string Id = "1111111111111111111111111111111111111111";

    /// <summary>Whom the certificate names.</summary>
    internal const string Subject = "CN=127.0.0.1";

    /// <summary>The subcommand that serves them; nobody but <see cref="PeerProcess"/> asks for it.</summary>
    internal const string Name = "http-peers";

    private const int Packet = 65515;

    private static readonly byte[] s_noise = new RandomBytes(1).Take(Packet);

    internal static Command Command()
    {
        var command = new Command(Name, "The peers of the subcommand http") { Hidden = true };
        command.SetAction((_, _) => RunAsync());
        return command;
    }

    /// <summary>Serves until standard input ends. Prints the addresses: without TLS, and with it.</summary>
    private static async Task RunAsync()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate));
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MinResponseDataRate = null;
            });
        await using var peers = builder.Build();
        peers.Run(ServeAsync);
        await peers.StartAsync();
        foreach (var address in peers.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses)
        {
            Console.WriteLine(address);
        }

        await Console.In.ReadToEndAsync();
        await peers.StopAsync();
    }

    /// <summary>The address of a source whose pack has so many packets of 64 KiB.</summary>
    internal static Uri Source(Uri peers, int packets) => new(peers, string.Create(CultureInfo.InvariantCulture, $"source-{packets}.git"));

    /// <summary>The address of a destination that has nothing.</summary>
    internal static Uri Destination(Uri peers) => new(peers, "destination.git");

    private static Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        return path switch
        {
            _ when path.EndsWith("/git-upload-pack", StringComparison.Ordinal) => UploadPackAsync(context, PacketsOf(path)),
            _ when path.EndsWith("/git-receive-pack", StringComparison.Ordinal) => ReceivePackAsync(context),
            _ when path.EndsWith("/info/refs", StringComparison.Ordinal) => AnswerAsync(
                context,
                "application/x-git-receive-pack-advertisement",
                $"{Line("# service=git-receive-pack\n")}0000{Line($"{new string('0', 40)} capabilities^{{}}\0report-status side-band-64k ofs-delta object-format=sha1\n")}0000"
            ),
            _ => AnswerAsync(context, "application/json", new string(' ', 2000)),
        };
    }

    private static int PacketsOf(string path) => int.Parse(path.Split('-', '.')[1], CultureInfo.InvariantCulture);

    private static async Task UploadPackAsync(HttpContext context, int packets)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        const string Type = "application/x-git-upload-pack-result";
        if (Encoding.Latin1.GetString(body.GetBuffer(), 0, (int)body.Length).Contains("command=ls-refs", StringComparison.Ordinal))
        {
            await AnswerAsync(context, Type, $"{Line($"{Id} refs/heads/main\n")}0000");
            return;
        }

        context.Response.ContentType = Type;
        var answer = context.Response.Body;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        await answer.WriteAsync(Encoding.Latin1.GetBytes(Line("packfile\n")));
        byte[] head = [.. "PACK\0\0\0\u0002"u8, 0, 0, 0, 1];
        await SendAsync(head);
        for (var i = 0; i < packets; i++)
        {
            await SendAsync(s_noise);
        }

        await SendAsync(hash.GetHashAndReset());
        await answer.WriteAsync("0000"u8.ToArray());

        async Task SendAsync(byte[] bytes)
        {
            hash.AppendData(bytes);
            byte[] packet = [.. Encoding.ASCII.GetBytes($"{bytes.Length + 5:x4}"), 1, .. bytes];
            await answer.WriteAsync(packet);
        }
    }

    private static async Task ReceivePackAsync(HttpContext context)
    {
        var buffer = new byte[256 << 10];
        long length = 0;
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer)) > 0)
        {
            length += read;
        }

        var report = Line($"\u0001{Line("unpack ok\n")}{Line("ok refs/heads/main\n")}0000");
        await AnswerAsync(context, "application/x-git-receive-pack-result", length <= 4 ? "" : report + "0000");
    }

    private static async Task AnswerAsync(HttpContext context, string type, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes);
    }

    private static string Line(string text) => $"{text.Length + 4:x4}{text}";
}
