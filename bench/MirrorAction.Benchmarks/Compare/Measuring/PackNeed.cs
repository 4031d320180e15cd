using System.Globalization;
using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Measuring;

/// <summary>What has to be fetched from a repository and pushed to its mirror, as git's protocol words it (version 0 for the fetch).</summary>
/// <param name="Fetch">The request to upload-pack; empty when no object is missing.</param>
/// <param name="Commands">The commands for receive-pack; empty when nothing differs.</param>
internal sealed record PackNeed(byte[] Fetch, byte[] Commands)
{
    // More would hardly tell the source anything new.
    private const int MostHaves = 256;

    private static readonly string s_zero = new('0', 40);

    internal bool HasObjects => Fetch.Length > 0;

    internal bool HasCommands => Commands.Length > 0;

    /// <summary>Holds a repository against its mirror.</summary>
    internal static PackNeed Between(GitRepository source, GitRepository mirror)
    {
        var (wanted, present) = (source.BranchesAndTags(), mirror.BranchesAndTags());
        var commands = wanted
            .Where(entry => present.GetValueOrDefault(entry.Key) != entry.Value)
            .Select(entry => $"{present.GetValueOrDefault(entry.Key, s_zero)} {entry.Value} {entry.Key}")
            .Concat(present.Where(entry => !wanted.ContainsKey(entry.Key)).Select(entry => $"{entry.Value} {s_zero} {entry.Key}"))
            .Order(StringComparer.Ordinal)
            .ToList();
        var wants = wanted.Values.Except(present.Values).Order(StringComparer.Ordinal).ToList();
        return new PackNeed(
            wants.Count == 0
                ? []
                : Bytes([
                    .. Lines(wants.Select(want => $"want {want}"), " thin-pack ofs-delta no-progress"),
                    PktLine.Flush,
                    .. present.Values.Distinct().Take(MostHaves).Select(have => PktLine.Of($"have {have}")),
                    PktLine.Of("done"),
                ]),
            commands.Count == 0 ? [] : Bytes([.. Lines(commands, "\0report-status"), PktLine.Flush])
        );
    }

    /// <summary>How many bytes git's own pack for this has.</summary>
    internal async Task<long> PackBytesAsync(GitRepository source)
    {
        if (!HasObjects)
            return 0;
        var answer = (await RealGit.TryAsync(source.Path, ["upload-pack", "--stateless-rpc", "."], Fetch)).EnsureSuccess().Output;

        // One line, NAK or ACK, and then the bare pack.
        return answer.Length - int.Parse(Encoding.ASCII.GetString(answer, 0, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    /// <summary>Lines of which the first tells the capabilities too.</summary>
    private static IEnumerable<string> Lines(IEnumerable<string> lines, string capabilities) =>
        lines.Select((line, i) => PktLine.Of(i == 0 ? line + capabilities : line));

    private static byte[] Bytes(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines));
}
