using System.Buffers.Binary;
using System.Security.Cryptography;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Benchmarks.Micro;

/// <summary>Fifty thousand branches, and how servers list them.</summary>
internal static class ManyRefs
{
    internal const int Count = 50_000;

    /// <summary>The branches.</summary>
    /// <param name="different">So many of them, spread over all, have another value than they would have.</param>
    internal static Dictionary<RefName, ObjectId> Branches(int different = 0) =>
        Enumerable
            .Range(0, Count)
            .ToDictionary(
                i => RefName.FromText($"refs/heads/feature/topic-{i:d5}"),
                i => Id((long)(i + 1) * different / Count > (long)i * different / Count ? Count + i : i)
            );

    /// <summary>The answer to <c>ls-refs</c>.</summary>
    internal static byte[] Listing()
    {
        var writer = new PktLineWriter().Line($"{Id(0)} HEAD symref-target:refs/heads/main\n");
        foreach (var (name, id) in Branches())
        {
            writer.Line($"{id} {name}\n");
        }

        return writer.Flush().Written.ToArray();
    }

    /// <summary>What receive-pack answers to <c>GET info/refs</c>.</summary>
    internal static byte[] Advertisement()
    {
        var writer = new PktLineWriter().Line("# service=git-receive-pack\n").Flush();
        var capabilities = "\0report-status report-status-v2 delete-refs side-band-64k quiet atomic ofs-delta object-format=sha1 agent=git/2.39.5";
        foreach (var (name, id) in Branches())
        {
            writer.Line($"{id} {name}{capabilities}\n");
            capabilities = "";
        }

        return writer.Flush().Written.ToArray();
    }

    private static ObjectId Id(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return ObjectId.FromBytes(SHA256.HashData(bytes).AsSpan(0, ObjectFormat.Sha1.ByteLength()));
    }
}
