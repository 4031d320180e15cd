using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation.Git;

/// <summary>The reading side of a git server: protocol v2, as GitHub serves it (any object may be wanted; trees can be left out).</summary>
internal static class UploadPack
{
    /// <summary>What a request asks for: <c>ls-refs</c>, <c>fetch</c>, or <c>probe</c> for a fetch of commits alone.</summary>
    public static string KindOf(ReadOnlySpan<byte> request)
    {
        var at = 0;
        return Pkt.Next(request, ref at) switch
        {
            "command=ls-refs" => "ls-refs",
            "command=fetch" => request.IndexOf("filter "u8) >= 0 ? "probe" : "fetch",
            var other => throw new InvalidOperationException($"upload-pack was asked '{other}'"),
        };
    }

    /// <summary>The refs below the prefixes.</summary>
    public static byte[] ListRefs(SimRepository repository, ReadOnlySpan<byte> request)
    {
        var prefixes = Lines(request)
            .Where(l => l.StartsWith("ref-prefix ", StringComparison.Ordinal))
            .Select(l => l["ref-prefix ".Length..])
            .ToArray();
        using var answer = new MemoryStream();
        if (repository.Refs.TryGetValue("refs/heads/" + repository.Head, out var head) && prefixes.Contains("HEAD"))
            answer.Line($"{head} HEAD symref-target:refs/heads/{repository.Head}\n");
        foreach (var (name, id) in repository.Refs)
        {
            if (prefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal)))
                answer.Line($"{id} {name}\n");
        }

        return answer.End().ToArray();
    }

    /// <summary>A pack with what the wants need and the haves do not.</summary>
    /// <param name="repository">The source.</param>
    /// <param name="universe">The objects.</param>
    /// <param name="request">The request.</param>
    /// <param name="packet">The longest packet of the pack.</param>
    public static byte[] Fetch(SimRepository repository, Universe universe, ReadOnlySpan<byte> request, int packet)
    {
        var lines = Lines(request);
        string[] Values(string word) => [.. lines.Where(l => l.StartsWith(word, StringComparison.Ordinal)).Select(l => l[word.Length..])];
        var wants = Values("want ");
        using var answer = new MemoryStream();
        if (wants.FirstOrDefault(id => !repository.Objects.ContainsKey(id)) is { } missing)
            return answer.Line($"ERR upload-pack: not our ref {missing}").ToArray();

        var haves = Values("have ").Where(repository.Objects.ContainsKey);
        var there = universe.Reach(haves);
        var isThin = lines.Contains("thin-pack");
        var isFiltered = lines.Contains("filter tree:0");
        var isWithoutFiles = lines.Contains("filter blob:none");
        var needed = universe
            .Reach(wants, beyond: there)
            .Select(id => universe[id])
            .Where(o => !isFiltered || o.Kind is ObjectKind.Commit or ObjectKind.Tag || wants.Contains(o.Id))
            .Where(o => !isWithoutFiles || o.Kind != ObjectKind.Blob || wants.Contains(o.Id))
            .ToList();
        answer.Line("packfile\n");
        if (needed.Find(o => repository.Unreadable.Contains(o.Id) || !repository.Objects.ContainsKey(o.Id)) is { } lost)
        {
            answer.Band(2, Pkt.Text.GetBytes($"fatal: unable to read {lost.Id}\n"));
            return answer.Band(3, "aborting due to possible repository corruption on the remote side."u8).ToArray();
        }

        answer.Band(2, Pkt.Text.GetBytes($"Enumerating objects: {needed.Count}, done.\n"));
        var blobs = isThin ? there.Select(id => universe[id]).Where(o => o.Kind == ObjectKind.Blob).ToArray() : [];
        answer.Band(1, PackFile.Write(needed, item => BaseFor(item, blobs)), packet);
        return answer.End().ToArray();
    }

    /// <summary>A file of the receiver's that begins alike.</summary>
    private static SimObject? BaseFor(SimObject item, SimObject[] blobs) =>
        item.Kind == ObjectKind.Blob ? Array.Find(blobs, b => b.Data.AsSpan().CommonPrefixLength(item.Data) >= 24) : null;

    private static List<string> Lines(ReadOnlySpan<byte> request)
    {
        var lines = new List<string>();
        for (var at = 0; at < request.Length; )
        {
            if (Pkt.Next(request, ref at) is { } line)
                lines.Add(line);
        }

        return lines;
    }
}
