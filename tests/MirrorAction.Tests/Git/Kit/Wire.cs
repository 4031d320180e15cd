using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Git.Kit;

/// <summary>Short forms for the bytes that tests are about.</summary>
internal static class Wire
{
    internal const string Peer = "git.example";

    /// <summary>Packets in the text form of a transcript's right-hand side.</summary>
    internal static byte[] Packets(params string[] lines) =>
        Transcript.Parse("= POST git-upload-pack\n" + string.Concat(lines.Select(line => $"< {line}\n"))).Exchanges[0].Answer;

    internal static PktLineReader Reader(byte[] bytes, params int[] chunks) => new(new ChunkedStream(bytes, chunks));

    internal static PktLineReader Reader(params string[] lines) => Reader(Packets(lines));

    internal static ObjectId Id(int number) => ObjectId.Parse(number.ToString("x40", System.Globalization.CultureInfo.InvariantCulture));

    internal static RefName Branch(string name) => RefName.Branch(name);

    internal static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    internal static CapabilityList Capabilities(string text) => CapabilityList.ParseV0(Latin1(text));

    /// <summary>A destination without refs that can do what git can.</summary>
    internal static RefAdvertisement Advertisement(
        string capabilities = "report-status delete-refs side-band-64k quiet ofs-delta object-format=sha1 agent=git/2.39.5"
    ) => new(new Dictionary<RefName, ObjectId>(), [], Capabilities(capabilities));

    internal static CancellationToken Token => TestContext.Current.CancellationToken;
}
