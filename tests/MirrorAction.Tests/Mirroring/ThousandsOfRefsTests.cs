using System.Globalization;
using System.Text;
using MirrorAction.Git.Transport;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Mirroring;

/// <summary>Thousands of branches, and a host in memory that takes only a few refs in one push.</summary>
public sealed class ThousandsOfRefsTests
{
    private const int Branches = 3001;
    private const int Limit = 5;

    [Theory]
    [InlineData("names it", 1)]
    [InlineData("declines", 1)]
    [InlineData("hangs up", 2)]
    public async Task Three_thousand_and_one_branches_arrive_in_one_run_where_a_push_may_have_five(string what, int attempts)
    {
        await using var host = new Host(what);
        using var http = new GitHttp(new GitHttpOptions());
        var job = new RepositoryJob
        {
            SourceName = "acme/website",
            DestinationName = "acme-mirror/website",
            Source = new GitEndpoint(new Uri(host.Url, "source")),
            Destination = new GitEndpoint(new Uri(host.Url, "destination")),
            Options = new RefOptions { MaxAttempts = 2 },
            Ownership = Ownership.Own,
            RetryPause = TimeSpan.FromMilliseconds(1),
        };

        var report = await new RepositoryMirror(http, job, TimeProvider.System, _ => { }).RunAsync(TestContext.Current.CancellationToken);

        report.Error.ShouldBeNull();
        report.Status.ShouldBe(RepositoryStatus.Mirrored);
        report.Verified.ShouldBeTrue();
        report.Refs.Created.ShouldBe(Branches);
        report.Attempts.ShouldBe(attempts);
        host.Pushes.ShouldBeLessThan((Branches / Limit) + 20);
    }

    /// <summary>A source with many branches at one commit, and a destination that has it under another name.</summary>
    private sealed class Host : IAsyncDisposable
    {
        private static readonly string s_commit = new('a', 40);

        private readonly string _what;
        private readonly WireServer _server;
        private readonly Dictionary<string, string> _refs = new() { ["refs/notes/known"] = s_commit };

        public Host(string what)
        {
            _what = what;
            _server = WireServer.Start(ServeAsync);
        }

        public Uri Url => _server.Url;

        public int Pushes { get; private set; }

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private async Task ServeAsync(WireConnection connection)
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                var answer = request.Target switch
                {
                    "/source/git-upload-pack" => new WireAnswer(200, "application/x-git-upload-pack-result", Listing()),
                    "/destination/git-receive-pack" => Push(Lines(request.Content)),
                    _ => new WireAnswer(200, "application/x-git-receive-pack-advertisement", Advertisement()),
                };
                if (answer is null)
                    return;
                await connection.AnswerAsync(answer);
            }
        }

        private static string Listing() =>
            string.Concat(
                Enumerable
                    .Range(1, Branches)
                    .Select(i => Packet(string.Create(CultureInfo.InvariantCulture, $"{s_commit} refs/heads/branch-{i:0000}\n")))
            ) + "0000";

        private string Advertisement() =>
            Packet("# service=git-receive-pack\n")
            + "0000"
            + string.Concat(
                _refs.Select((r, i) => Packet($"{r.Value} {r.Key}{(i == 0 ? "\0report-status delete-refs side-band-64k object-format=sha1" : "")}\n"))
            )
            + "0000";

        private WireAnswer? Push(string[] commands)
        {
            Pushes++;
            if (commands.Length > Limit && _what == "hangs up")
                return null;
            var isTaken = commands.Length <= Limit;
            foreach (var command in isTaken ? commands : [])
                _refs[command.Split(' ')[2]] = s_commit;
            var words = _what == "names it" ? $"- Pushes can not update more than {Limit} branches or tags." : "No.";
            var report =
                Packet("unpack ok\n")
                + string.Concat(
                    commands.Select(c =>
                        Packet(isTaken ? $"ok {c.Split(' ')[2]}\n" : $"ng {c.Split(' ')[2]} push declined due to repository rule violations\n")
                    )
                )
                + "0000";
            var bands = string.Concat(report.Chunk(60_000).Select(part => Packet("\u0001" + new string(part))));
            return new WireAnswer(200, "application/x-git-receive-pack-result", (isTaken ? "" : Packet("\u0002" + words)) + bands + "0000");
        }

        private static string Packet(string payload) => $"{payload.Length + 4:x4}{payload}";

        /// <summary>The commands of a push.</summary>
        private static string[] Lines(byte[] body)
        {
            var lines = new List<string>();
            for (
                var at = 0;
                int.Parse(Encoding.ASCII.GetString(body, at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var length;
                at += length
            )
                lines.Add(Encoding.ASCII.GetString(body, at + 4, length - 4).Split('\0')[0]);
            return [.. lines];
        }
    }
}
