using System.Globalization;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;
using static MirrorAction.IntegrationTests.Faults.Verdict;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>Every fault of the matrix, and at which stages it can happen.</summary>
internal static class FaultCatalog
{
    private const FaultDirection Down = FaultDirection.Down;
    private const FaultDirection Up = FaultDirection.Up;

    /// <summary>The faults of a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="elsewhere">Another host, to which redirects lead.</param>
    /// <param name="now">The run's time.</param>
    public static IEnumerable<FaultCase> Of(Stage stage, Uri elsewhere, DateTimeOffset now) =>
        stage switch
        {
            Stage.Probe => [.. OfConnections(), .. OfAnswers().Take(1), .. Answers(elsewhere, now)],
            Stage.Keep => [.. OfRequests(), .. OfConnections(), .. Answers(elsewhere, now), .. Of(Stage.Report, elsewhere, now)],
            Stage.Report => [.. OfAnswers(), .. OfContents(stage), .. OfReports(), .. Answers(elsewhere, now).Select(Lost)],
            _ when stage.IsPush() =>
            [
                .. OfRequests(),
                .. OfConnections(),
                .. Answers(elsewhere, now),
                .. stage is Stage.PushSmall or Stage.WikiPush or Stage.LfsUpload ? [] : EarlyAnswers(),
            ],
            _ =>
            [
                .. OfConnections(),
                .. OfAnswers(),
                .. stage.HasBody() ? OfRequests() : [],
                .. OfContents(stage),
                .. Answers(elsewhere, now).Where(f => Meets(stage, f)),
            ],
        };

    /// <summary>
    /// Object stores may be anywhere, so that links to them may lead to another host, which gets no credential. What is compressed looks like any
    /// file, and is refused by its hash, as a damaged object is.
    /// </summary>
    private static bool Meets(Stage stage, FaultCase fault) =>
        stage != Stage.LfsDownload || !(fault.Name.EndsWith("to another host", StringComparison.Ordinal) || fault.Name == "200 page in gzip");

    /// <summary>One fault of each kind, where another command has the same conversation with all of them.</summary>
    public static bool IsTypical(FaultCase fault) => s_typical.Contains(fault.Name);

    private static readonly HashSet<string> s_typical =
    [
        "reset before the answer",
        "cut in the answer's body",
        "stall in the answer's body",
        "reset in the request's body",
        "gzip",
        "gzip cut short",
        "JSON broken",
        "bad packet length",
        "half a pack",
        "502 page",
        "502 page in place of it",
        "502 early",
        "429",
        "200 page",
        "401",
        "404",
        "302 to another host",
    ];

    /// <summary>No answer at all.</summary>
    private static IEnumerable<FaultCase> OfConnections() =>
        [
            new("cut before the answer", new WireFault(Down, FaultEnding.Cut), Passing, Passing, ErrorCode.Network),
            new("reset before the answer", new WireFault(Down, FaultEnding.Reset), Passing, Passing, ErrorCode.Network),
            new("stall before the answer", new WireFault(Down, FaultEnding.Stall), Passing, Passing, ErrorCode.Timeout, ErrorCode.Network),
        ];

    private static IEnumerable<FaultCase> OfAnswers() =>
        [
            new("cut in the answer's head", new WireFault(Down, FaultEnding.Cut, After: 30), Passing, Passing, ErrorCode.Network),
            new("cut before the answer's body", new WireFault(Down, FaultEnding.Cut, OfBody: true), Passing, Passing, ErrorCode.Network),
            new("cut in the answer's body", new WireFault(Down, FaultEnding.Cut, After: 40, OfBody: true), Passing, Passing, ErrorCode.Network),
            new("reset in the answer's body", new WireFault(Down, FaultEnding.Reset, After: 40, OfBody: true), Passing, Passing, ErrorCode.Network),
            new(
                "stall in the answer's head",
                new WireFault(Down, FaultEnding.Stall, After: 30),
                Passing,
                Passing,
                ErrorCode.Timeout,
                ErrorCode.Network
            ),
            new(
                "stall in the answer's body",
                new WireFault(Down, FaultEnding.Stall, After: 40, OfBody: true),
                Passing,
                Passing,
                ErrorCode.Timeout,
                ErrorCode.Network
            ),
            new("answer drips", new DripFault(Down, 7), Harmless, Harmless),
        ];

    private static IEnumerable<FaultCase> OfRequests() =>
        [
            new("cut in the request's body", new WireFault(Up, FaultEnding.Cut, After: 20, OfBody: true), Passing, Passing, ErrorCode.Network),
            new("reset in the request's body", new WireFault(Up, FaultEnding.Reset, After: 20, OfBody: true), Passing, Passing, ErrorCode.Network),
            new(
                "stall in the request's body",
                new WireFault(Up, FaultEnding.Stall, After: 20, OfBody: true),
                Passing,
                Passing,
                ErrorCode.Timeout,
                ErrorCode.Network
            ),
            new("request drips", new DripFault(Up, 61), Harmless, Harmless),
        ];

    /// <summary>What the server sends, in another form or damaged.</summary>
    private static FaultCase[] OfContents(Stage stage)
    {
        FaultCase[] any =
        [
            new("gzip", Rewrite(a => a.Gzipped()), Harmless, Harmless),
            new("gzip in chunks", Rewrite(a => a.Gzipped() with { Framing = HttpFraming.Chunks }), Harmless, Harmless),
            new(
                "gzip cut short",
                Rewrite(a => a.Gzipped(cut: 12)),
                stage.IsUnread() ? Harmless : Lasting,
                Passing,
                ErrorCode.Network,
                ErrorCode.Protocol
            ),
            new("in chunks", Rewrite(a => a with { Framing = HttpFraming.Chunks }), Harmless, Harmless),
            new("with its length", Rewrite(a => a), Harmless, Harmless),
            new("up to the connection's end", Rewrite(a => a with { Framing = HttpFraming.Close }), Harmless, Harmless),
            new("wrong content type", Rewrite(a => a with { ContentType = "application/octet-stream" }), Harmless, Lasting, ErrorCode.Protocol),
        ];
        FaultCase[] rest =
        [
            new("longer than it is", Rewrite(a => a with { Overstated = 10 }), Passing, Passing, ErrorCode.Network),
            new("JSON broken", Rewrite(a => a with { Body = "{\"values\":[}"u8.ToArray() }), Lasting, Lasting, ErrorCode.Protocol),
            new("JSON of another shape", Rewrite(a => a with { Body = "[[\"::error::boom\"]]"u8.ToArray() }), Lasting, Lasting, ErrorCode.Protocol),
            new("empty body", Rewrite(a => a with { Body = [] }), Lasting, Lasting, ErrorCode.Protocol),
        ];
        FaultCase[] git = [new("bad packet length", Body(GitAnswers.WithBadLength), Lasting, Lasting, ErrorCode.Protocol)];
        FaultCase[] packs =
        [
            new("band 3 in the pack", Body(GitAnswers.WithBandThree), Lasting, Lasting, ErrorCode.Protocol),
            new("pack's checksum wrong", Body(GitAnswers.WithFlippedTrailer), Passing, Passing, ErrorCode.Network),
            new("half a pack", Body(GitAnswers.WithHalfAPack), Passing, Passing, ErrorCode.Network),
        ];
        return stage.IsUnread() || stage is Stage.LfsDownload or Stage.LfsVerify ? [.. any, rest[0]]
            : stage.IsRest() || stage.IsLfsBatch() ? [.. any, .. rest]
            : stage.IsPack() ? [.. any, .. git, .. packs]
            : [.. any, .. git];
    }

    /// <summary>The push landed, and what the server says of it is short of something. The refs themselves say the rest.</summary>
    private static IEnumerable<FaultCase> OfReports() =>
        [
            new("no report", Body(_ => []), Harmless, Harmless),
            new("report of nothing", Body(_ => "0000"u8.ToArray()), Harmless, Harmless),
            new("report twice", Body(GitAnswers.WithDoubleReport), Harmless, Harmless),
            new("report without the last ref", Body(GitAnswers.WithoutLastVerdict), Harmless, Harmless),
        ];

    /// <summary>Something else answers.</summary>
    private static IEnumerable<FaultCase> Answers(Uri elsewhere, DateTimeOffset now) =>
        [
            new("408 page", Answer(new(408)), Passing, Passing, ErrorCode.Timeout, ErrorCode.Network),
            new("500 page", Answer(new(500)), Passing, Passing, ErrorCode.Network),
            new("502 page", Answer(new(502)), Passing, Passing, ErrorCode.Network),
            new("503 page", Answer(new(503)), Passing, Passing, ErrorCode.Network),
            new("503, Retry-After: 2", Answer(new HttpAnswer(503).With("Retry-After", "2")), Passing, Passing, ErrorCode.Network),
            new("429", Answer(new(429)), Passing, Passing, ErrorCode.RateLimited),
            new("429, Retry-After: 0", Answer(new HttpAnswer(429).With("Retry-After", "0")), Passing, Passing, ErrorCode.RateLimited),
            new("429, Retry-After: 2", Answer(new HttpAnswer(429).With("Retry-After", "2")), Passing, Passing, ErrorCode.RateLimited),
            new(
                "429, Retry-After: a date",
                Answer(new HttpAnswer(429).With("Retry-After", now.AddSeconds(90).ToString("R", CultureInfo.InvariantCulture))),
                Passing,
                Passing,
                ErrorCode.RateLimited
            ),
            new("429, Retry-After: soon", Answer(new HttpAnswer(429).With("Retry-After", "soon")), Passing, Passing, ErrorCode.RateLimited),
            new("200 page", Answer(new(200)), Passing, Passing, ErrorCode.Network, ErrorCode.Protocol),
            new("200 page in gzip", Answer(new HttpAnswer(200).Gzipped()), Passing, Passing, ErrorCode.Network, ErrorCode.Protocol),
            new("401", Answer(Refusal(401)), Lasting, Lasting, ErrorCode.SourceUnauthorized, ErrorCode.DestinationUnauthorized),
            new("403", Answer(Refusal(403)), Lasting, Lasting, ErrorCode.SourceForbidden, ErrorCode.DestinationForbidden),
            new("404", Answer(Refusal(404)), Lasting, Lasting, ErrorCode.SourceNotFound, ErrorCode.DestinationNotFound),
            new("301 to another host", Redirect(301, elsewhere), Lasting, Lasting, ErrorCode.Protocol),
            new("302 to another host", Redirect(302, elsewhere), Lasting, Lasting, ErrorCode.Protocol),
            new("307 to another host", Redirect(307, elsewhere), Lasting, Lasting, ErrorCode.Protocol),
        ];

    /// <summary>The server answers while the pack is still on its way.</summary>
    private static IEnumerable<FaultCase> EarlyAnswers() =>
        [
            new("403 early", new AnswerFault(Refusal(403), IsEarly: true), Lasting, Lasting, ErrorCode.DestinationForbidden),
            new("413 early", new AnswerFault(Refusal(413), IsEarly: true), Passing, Passing, ErrorCode.TooLarge), // Sent again in parts.
            new("502 early", new AnswerFault(new(502), IsEarly: true), Passing, Passing, ErrorCode.Network),
        ];

    private static FaultCase Lost(FaultCase other) =>
        other with
        {
            Name = other.Name + " in place of it",
            Fault = (AnswerFault)other.Fault with { IsServed = true },
        };

    private static AnswerFault Answer(HttpAnswer answer) => new(answer);

    private static HttpAnswer Refusal(int status) => new(status, "text/plain", "No.\r\n::error::boom\u001b[2J"u8.ToArray());

    private static AnswerFault Redirect(int status, Uri elsewhere) =>
        new(
            new HttpAnswer(status, "text/plain", []).With(
                "Location",
                new Uri(elsewhere, "acme/website.git/info/refs?service=git-upload-pack").AbsoluteUri
            )
        );

    private static RewriteFault Rewrite(Func<HttpAnswer, HttpAnswer> change) => new(change);

    private static RewriteFault Body(Func<byte[], byte[]> change) => new(a => a with { Body = change(a.Body) });
}
