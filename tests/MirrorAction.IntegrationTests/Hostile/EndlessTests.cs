using System.Globalization;
using System.Text;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Hostile;

/// <summary>
/// Servers that never stop sending, against the real program in a heap that a growing answer would break: each ends in an error that says what came.
/// </summary>
public sealed class EndlessTests : IDisposable
{
    /// <summary>384 MiB: a list of refs may fill its bounds, nothing else comes near.</summary>
    private const string HeapLimit = "18000000";

    private static readonly string s_id = new('a', 40);

    private readonly TempFolder _folder = new("endless-");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Listings { get; } =
        new()
        {
            { "refs with long names", "MiB of them" },
            { "the same ref", "more than 1000000 refs" },
            { "zeros", "four hex digits" },
            { "random bytes", "pkt-line" },
            { "delimiters", "Delimiter" },
            { "empty packets", "list of refs" },
            { "a web page", "is this the URL of a git repository?" },
            { "header lines", "failed" },
            { "a refusal", "answered 403" },
        };

    [Theory]
    [MemberData(nameof(Listings))]
    public async Task Listing_without_end_ends_in_an_error(string what, string said)
    {
        await using var source = WireServer.Start(connection => SendAsync(connection, what));
        await using var destination = await GitHttpBackend.StartAsync();
        destination.Create("two");

        var outcome = await SyncAsync(new Uri(source.Url, "one.git"), destination.UrlOf("two"));

        outcome.ExitCode.ShouldBeOneOf(1, 3);
        outcome.Output.ShouldContain(said);
        outcome.Text.ShouldNotContain("OutOfMemory");
        outcome.Text.ShouldNotContain("internal", Case.Insensitive);
        outcome.Output.Length.ShouldBeLessThan(20_000);
    }

    public static TheoryData<string, string> Packs { get; } =
        new()
        {
            { "lines before the pack", "before the pack" },
            { "keep-alives", "messages and keep-alives" },
            { "progress", "messages and keep-alives" },
            { "no pack", "where the header of a pack was expected" },
            { "a pack of zeros", "" },
        };

    [Theory]
    [MemberData(nameof(Packs))]
    public async Task Pack_without_end_ends_in_an_error_and_moves_no_ref(string what, string said)
    {
        await using var source = WireServer.Start(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                if (Encoding.Latin1.GetString(request.Content).Contains("command=ls-refs", StringComparison.Ordinal))
                    await connection.AnswerAsync(
                        new WireAnswer(200, "application/x-git-upload-pack-result", $"{Pkt($"{s_id} refs/heads/main\n")}0000")
                    );
                else
                    await SendAsync(connection, what, "application/x-git-upload-pack-result", readsRequest: false);
            }
        });
        await using var destination = await GitHttpBackend.StartAsync();
        var mirror = destination.Create("two");

        var outcome = await SyncAsync(new Uri(source.Url, "one.git"), destination.UrlOf("two"));

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        outcome.Output.ShouldContain(said);
        outcome.Text.ShouldNotContain("OutOfMemory");
        mirror.ForEachRef().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("response-ends", "")]
    [InlineData("keep-alives", "messages and keep-alives")]
    [InlineData("report", "a report of more than")]
    public async Task Report_without_end_ends_in_an_error(string what, string said)
    {
        await using var source = await GitHttpBackend.StartAsync();
        source.Create("one").Commit("a", "1\n");
        await using var destination = WireServer.Start(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                if (request.Method == "GET")
                    await connection.AnswerAsync(
                        new WireAnswer(
                            200,
                            "application/x-git-receive-pack-advertisement",
                            $"{Pkt("# service=git-receive-pack\n")}0000{Pkt($"{new string('0', 40)} capabilities^{{}}\0report-status delete-refs side-band-64k ofs-delta\n")}0000"
                        )
                    );
                else
                    await SendAsync(connection, what, "application/x-git-receive-pack-result", readsRequest: false);
            }
        });

        var outcome = await SyncAsync(source.UrlOf("one"), new Uri(destination.Url, "two.git"));

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        outcome.Output.ShouldContain(said);
        outcome.Text.ShouldNotContain("OutOfMemory");
    }

    private static async Task SendAsync(WireConnection connection, string what, string? contentType = null, bool readsRequest = true)
    {
        if (readsRequest)
        {
            if (await connection.ReadRequestAsync() is not { } request)
                return;
            contentType =
                what is "a web page" or "a refusal" ? "text/html"
                : request.Method == "GET" ? "application/x-git-upload-pack-advertisement"
                : "application/x-git-upload-pack-result";
        }

        await connection.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(what == "a refusal" ? 403 : 200)} X\r\n"));
        if (what != "header lines")
            await connection.WriteAsync(Encoding.ASCII.GetBytes($"Content-Type: {contentType}\r\nConnection: close\r\n\r\n"));
        if (what is "keep-alives" or "progress" or "no pack" or "a pack of zeros" && contentType!.Contains("upload", StringComparison.Ordinal))
            await connection.WriteAsync(Encoding.ASCII.GetBytes(Pkt("packfile\n")));
        if (what == "a pack of zeros")
            await connection.WriteAsync((byte[])[.. "0011\u0001PACK"u8, 0, 0, 0, 2, 0, 0xff, 0xff, 0xff]);

        // The same bytes for ever, but for names, which differ.
        for (var number = 0; ; number++)
            await connection.WriteAsync(Part(what, number));
    }

    private static byte[] Part(string what, int number) =>
        what switch
        {
            "refs with long names" => Latin1(Pkt($"{s_id} refs/heads/{number.ToString(CultureInfo.InvariantCulture)}{new string('x', 60_000)}\n")),
            "the same ref" => Many(Pkt($"{s_id} refs/heads/main\n")),
            "delimiters" => Many("0001"),
            "response-ends" => Many("0002"),
            "empty packets" => Many("0004"),
            "a web page" or "a refusal" => Many("<p>text</p>"),
            "header lines" => Latin1($"X-Header-{number}: {new string('x', 1000)}\r\n"),
            "lines before the pack" => Many(Pkt(new string('x', 60_000))),
            "keep-alives" => Many(Pkt("\u0001")),
            "progress" => Many(Pkt("\u0002" + new string('x', 60_000))),
            "no pack" => Many(Pkt("\u0001" + new string('x', 60_000))),
            "a pack of zeros" => Many(Pkt("\u0001" + new string('\0', 60_000))),
            "report" => Many(Pkt("\u0001" + Pkt("option " + new string('x', 60_000)))),
            "random bytes" => RandomBytes(number),
            _ => new byte[65536],
        };

    private static byte[] RandomBytes(int seed)
    {
        var bytes = new byte[65536];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Many(string part) => Latin1(string.Concat(Enumerable.Repeat(part, Math.Max(1, 65536 / part.Length))));

    private static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    private static string Pkt(string payload) => $"{payload.Length + 4:x4}{payload}";

    private async Task<ActionOutcome> SyncAsync(Uri source, Uri destination) =>
        await ActionProcess.RunAsync(
            ["sync", source.AbsoluteUri, destination.AbsoluteUri, "--max-attempts", "1"],
            new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = HeapLimit },
            _folder.Path
        );
}
