using System.Globalization;
using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Mirrors with more tips of their own than a list of refs may be long.</summary>
public sealed class ManyTipsTests
{
    private const string Expired = "refs/tags/mirror-kept/20200101T000000Z/heads";
    private static readonly string s_live =
        $"refs/tags/mirror-kept/{DateTime.UtcNow.AddDays(-1).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}/heads";

    [Fact]
    public async Task Tips_expire_and_new_ones_are_kept_however_many_the_mirror_lists()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var old = world.Source.Commit("a", "2\n");
        await world.MirrorWellAsync();
        world.Destination.UpdateRef($"{Expired}/a", old);
        world.Destination.UpdateRef($"{Expired}/b", old);
        world.Destination.UpdateRef($"{s_live}/a", old);
        world.Source.ResetHard("main", "main^");
        world.DestinationServer.Intercept = Interceptions.On(r => r.IsAdvertisement(), WithTips(old, 1_100_000));

        var report = await world.MirrorWellAsync();

        report.Refs.ShouldBe(
            new Mirroring.Reports.RefCounts
            {
                Forced = 1,
                Deleted = 2,
                Kept = 1,
            }
        );
        world.Kept().Keys.ShouldNotContain(k => k.StartsWith(Expired, StringComparison.Ordinal));
        world.Kept().Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_run_deletes_so_many_expired_tips_and_the_next_one_the_rest()
    {
        await using var world = await RelayWorld.StartAsync();
        var id = world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        world.DestinationServer.Intercept = Interceptions.On(r => r.IsAdvertisement(), WithTips(id, 21_000, Expired));

        var report = await world.MirrorAsync(change: job => job with { IsPlan = true });

        report.Refs.Deleted.ShouldBe(20_000);
    }

    /// <summary>Puts tips into the advertisement before all that is really there, in whatever order a server lists.</summary>
    private static Interception WithTips(string id, int count, string? folder = null) =>
        async (context, next) =>
        {
            var output = context.Response.Body;
            var answer = new MemoryStream();
            context.Response.Body = answer;
            await next();
            context.Response.Body = output;
            context.Response.ContentLength = null;

            // The service's line, a flush, and the first ref with its capabilities stay in front.
            var bytes = answer.ToArray();
            var first = LengthAt(bytes, 0) + 4;
            var second = first + LengthAt(bytes, first);
            await output.WriteAsync(bytes.AsMemory(0, second), context.RequestAborted);
            var lines = new StringBuilder();
            for (var i = 0; i < count; i++)
            {
                lines.Append(Interceptions.Pkt(string.Create(CultureInfo.InvariantCulture, $"{id} {folder ?? s_live}/tip/{i:0000000}\n")));
                if (lines.Length > 1 << 20 || i == count - 1)
                {
                    await output.WriteAsync(Encoding.ASCII.GetBytes(lines.ToString()), context.RequestAborted);
                    lines.Clear();
                }
            }

            await output.WriteAsync(bytes.AsMemory(second), context.RequestAborted);
        };

    private static int LengthAt(byte[] bytes, int at) =>
        int.Parse(Encoding.ASCII.GetString(bytes, at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
