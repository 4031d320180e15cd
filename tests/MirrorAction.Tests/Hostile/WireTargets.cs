using System.Net;
using System.Security.Cryptography;
using System.Text;
using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;
using MirrorAction.Http;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

#pragma warning disable CA5350 // A pack's checksum, which git defines.

namespace MirrorAction.Tests.Hostile;

/// <summary>The decoders of git's wire, with the recorded conversations as seeds.</summary>
internal static class WireTargets
{
    private static readonly byte[][] s_answers = [.. new[] { "v0", "v2" }.SelectMany(Answers)];
    private static readonly byte[][] s_packs =
    [
        .. new[] { "clone", "incremental-thin", "shallow", "v0-incremental" }.Select(Fixtures.Pack),
        BuiltPack(),
    ];

    private static readonly RefUpdate[] s_updates =
    [
        .. new[] { "main", "a", "locked", "z" }.Select(name => new RefUpdate(RefName.Branch(name), ObjectId.Zero(ObjectFormat.Sha1), Wire.Id(1))),
    ];

    internal static IEnumerable<FuzzTarget> All =>
        [
            Target("pkt-line", s_answers, PktLines),
            Target("pkt-reader", s_answers, input => Drain(Reader(input))),
            Target("advertisement", s_answers, Advertisement, maxExpansion: 128),
            Target("ls-refs", s_answers, input => _ = Now(LsRefs.ReadAsync(Reader(input), ObjectFormat.Sha1, Wire.Peer, default)), maxExpansion: 128),
            Target("fetch-v2", s_answers, input => Pack(Reader(input), isV2: true)),
            Target("fetch-v0", s_answers, input => Pack(Reader(input), isV2: false)),
            Target("report", [.. s_answers, Report()], Reports, maxExpansion: 128),
            Target("pack", s_packs, Packs, maxExpansion: 4000), // Data that compresses well grows a thousandfold.
            Target("inflater", [.. s_packs.Select(pack => pack[13..])], Inflated, maxExpansion: 4000),
            Target(
                "pack-check",
                s_packs,
                input => _ = Now(PackCheck.ReadAsync(GivenSession.Of(input, packet: 1 + (input.Length % 1000)), null, default))
            ),
            Target("pack-index", s_packs, Indexed, maxExpansion: 4000),
            Target("bundle", Bundles(), input => _ = Now(BundleFile.ReadHeaderAsync(new MemoryStream(input), default)), maxExpansion: 128),
            Target("delta", Deltas(), Delta, maxExpansion: 70_000), // An instruction of one byte copies 64 KiB.
            Target("inspector", s_packs, Inspected),
            Target(
                "capabilities",
                [
                    Wire.Latin1(
                        "report-status delete-refs side-band-64k quiet ofs-delta object-format=sha1 agent=git/2.39.5 symref=HEAD:refs/heads/main"
                    ),
                    .. s_answers,
                ],
                Capabilities,
                maxExpansion: 256
            ),
            Target("remote-text", Texts(), RemoteTexts, maxExpansion: 128),
            Target("refusal", Texts(), Refusal, maxExpansion: 128),
            Target(
                "ref-pattern",
                [.. new[] { "refs/heads/*", "^refs/heads/wip/*", "refs/tags/v*", "refs/heads/main" }.Select(Wire.Latin1)],
                Patterns,
                maxExpansion: 256
            ),
        ];

    private static FuzzTarget Target(string name, IReadOnlyList<byte[]> seeds, Action<byte[]> decode, int maxExpansion = 64) =>
        new(name, seeds, decode, e => e is GitException, maxExpansion);

    private static IEnumerable<byte[]> Answers(string folder) =>
        Directory
            .GetFiles(Checkout.PathOf("tests", "MirrorAction.Tests", "Git", "Fixtures", folder), "*.pkt")
            .Order(StringComparer.Ordinal)
            .SelectMany(path => Transcript.Load(path).Exchanges)
            .Select(exchange => exchange.Answer)
            .Where(answer => answer.Length > 0);

    private static byte[] BuiltPack()
    {
        var commit = Encoding.ASCII.GetBytes($"tree {new string('a', 40)}\nparent {new string('b', 40)}\nauthor A <a@b> 0 +0000\n\nx\n");
        var builder = new PackBuilder();
        builder.Add(PackObjectType.Commit, commit);
        return builder.Build();
    }

    private static byte[] Report() => Encoding.ASCII.GetBytes("000eunpack ok\n0017ok refs/heads/main\n0026ng refs/heads/locked hook declined\n0000");

    private static PktLineReader Reader(byte[] input) => new(new ChunkedStream(input, [input.Length % 7 == 0 ? 1000 : 65536]));

    private static T Now<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static T Now<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static void PktLines(byte[] input)
    {
        ReadOnlyMemory<byte> rest = input;
        while (PktLine.TryParse(rest, out var line, out var consumed))
        {
            consumed.ShouldBeInRange(PktLine.PrefixLength, rest.Length);
            line.Quote().Length.ShouldBeLessThan(400);
            rest = rest[consumed..];
        }
    }

    private static void Drain(PktLineReader reader)
    {
        using (reader)
        {
            while (Now(reader.ReadAsync(default)) is { Kind: not PktLineKind.EndOfStream } line)
                line.ThrowIfError(Wire.Peer);
        }
    }

    private static void Advertisement(byte[] input)
    {
        using var reader = Reader(input);
        var advertisement = Now(RefAdvertisementReader.ReadAsync(reader, "git-receive-pack", Wire.Peer, default));
        _ = advertisement.ObjectFormat;
        foreach (var name in advertisement.Refs.Keys)
            name.ToString().ShouldNotContain(c => char.IsControl(c));
    }

    private static void Pack(PktLineReader reader, bool isV2)
    {
        using (reader)
        using (var inspector = new PackTrailerValidator(ObjectFormat.Sha1, Wire.Peer))
        {
            var sideband = new SidebandReader(reader, Wire.Peer);
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            if (isV2)
                Fetch.SkipToPackV2Async(reader, Wire.Peer, default).GetAwaiter().GetResult();
            else if (sideband.TryTake(Now(Fetch.SkipToPackV0Async(reader, Wire.Peer, default)), out var first))
                inspector.Inspect(first.Span, output);
            while (Now(sideband.ReadAsync(default)) is { Length: > 0 } data)
                inspector.Inspect(data.Span, output);
            inspector.Finish(output);
        }
    }

    private static void Reports(byte[] input)
    {
        var report = ReportStatus.Parse(input, s_updates, "said", Wire.Peer);
        report.Results.Count.ShouldBe(s_updates.Length);
    }

    private static void Packs(byte[] input)
    {
        foreach (var (_, type, data) in PackReader.ReadAll(input, ObjectFormat.Sha1))
            _ = type == PackObjectType.Commit ? PackReader.ParentsOf(data).Count() : 0;
    }

    private static void Inflated(byte[] input)
    {
        var inflater = new Inflater();
        inflater.Reset();
        try
        {
            for (var rest = input.AsSpan(); !inflater.IsDone; )
                rest = rest[inflater.Inflate(rest, isLast: true, out _)..];
        }
        catch (InvalidDataException) { }
    }

    /// <summary>A checksum that is right lets damage through to what is behind it: mutations of a pack are mostly of its middle.</summary>
    private static void Indexed(byte[] input)
    {
        var pack = input.ToArray();
        if (pack.Length > 32 && input.Length % 4 != 0)
            SHA1.HashData(pack.AsSpan(0, pack.Length - 20)).CopyTo(pack.AsSpan(pack.Length - 20));
        var index = PackIndex.Build(new MemoryStream(pack), ObjectFormat.Sha1, [], default);
        index.WriteTo(Stream.Null);
        index.Count.ShouldBeLessThan(pack.Length / 9);
    }

    private static byte[][] Bundles() =>
        [
            Wire.Latin1(
                $"# v2 git bundle\n-{Wire.Id(1)} comment\n{Wire.Id(2)} refs/heads/main\n{Wire.Id(3)} refs/tags/caf\u00e9\n{Wire.Id(2)} HEAD\n\nPACK"
            ),
            Wire.Latin1($"# v3 git bundle\n@object-format=sha256\n{new string('a', 64)} refs/heads/main\n\nPACK"),
        ];

    private static byte[][] Deltas() =>
        [
            [200, 1, 200, 1, 0b1001_0000, 200],
            [200, 1, 10, 0b1001_0001, 100, 5, 5, 1, 2, 3, 4, 5],
            [200, 1, 0x80, 0x80, 4, 0x80],
        ];

    private static void Delta(byte[] input) => PackDelta.Apply(new byte[200], input, 1 << 24);

    private static void Inspected(byte[] input)
    {
        using var inspector = new PackTrailerValidator(ObjectFormat.Sha1, Wire.Peer);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var part in input.Chunk(1 + (input.Length % 97)))
            inspector.Inspect(part, output);
        inspector.Finish(output);
        output.WrittenSpan.SequenceEqual(input).ShouldBeTrue();
    }

    private static void Capabilities(byte[] input)
    {
        foreach (var list in new[] { CapabilityList.ParseV0(input), CapabilityList.ParseV2(Encoding.Latin1.GetString(input).Split('\n')) })
        {
            _ = list.Has("agent");
            _ = list.Value("fetch");
            PushCommands.Request(s_updates, list, "test");
            _ = list.ObjectFormat;
        }
    }

    private static byte[][] Texts() =>
        [
            Encoding.UTF8.GetBytes("remote: error: GH013: \u001b[31mRepository rule violations\u001b[0m found\n"),
            Encoding.UTF8.GetBytes("Compressing objects:  50% (1/2)\rCompressing objects: 100% (2/2), done.\n"),
            Encoding.UTF8.GetBytes(
                "<html><head><title>502</title><style>a{}</style><script>x()</script></head><body><h1>Bad Gateway &amp; more</h1></body></html>"
            ),
            .. MirrorAction
                .Tests.Reporting.HostileText.All.Select(row => Encoding.UTF8.GetBytes(row.Data))
                .Where(text => text.Length is > 0 and < 4096),
        ];

    private static void RemoteTexts(byte[] input)
    {
        var text = new RemoteText();
        foreach (var part in input.Chunk(1 + (input.Length % 89)))
            text.Append(part);
        OneLine(text.ToString());
        OneLine(TextSanitizer.CleanEnd(input));
        OneLine(TextSanitizer.CleanPage(Encoding.UTF8.GetString(input)));
    }

    private static void Refusal(byte[] input)
    {
        using var response = new HttpResponseMessage(input.Length % 2 == 0 ? HttpStatusCode.OK : HttpStatusCode.Forbidden)
        {
            Content = new ByteArrayContent([]),
        };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", input.Length % 3 == 0 ? "text/html" : "text/plain");
        response.Headers.TryAddWithoutValidation(
            "Retry-After",
            Encoding.Latin1.GetString(input.AsSpan(0, Math.Min(12, input.Length))).Replace('\n', ' ').Replace('\r', ' ')
        );
        response.ReasonPhrase = "No";
        var body = new ChunkedStream(input, [4096]);
        GitException e =
            response.StatusCode == HttpStatusCode.OK
                ? Now(HttpRefusal.NotGitAsync(response, body, "application/x-git", Wire.Peer))
                : Now(HttpRefusal.ReadAsync(response, body, Wire.Peer, isLoginRenewed: false, TimeProvider.System));
        OneLine(e.Message);
    }

    private static void Patterns(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (!RefPattern.TryParse(text, out var pattern, out var problem))
            problem.ShouldNotBeNullOrEmpty();
        else
            _ = pattern!.Matches(RefName.FromBytes(input));
    }

    private static void OneLine(string text)
    {
        text.Length.ShouldBeLessThanOrEqualTo(3 * TextSanitizer.MaxRemote);
        foreach (var c in text)
        {
            if (
                char.IsControl(c)
                || c is '\u2028' or '\u2029' or (>= '\u200b' and <= '\u200f') or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')
            )
                Assert.Fail($"U+{(int)c:x4} was let through.");
        }
    }
}
