using BenchmarkDotNet.Attributes;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Benchmarks.Micro;

/// <summary>Reading the refs of a repository with very many.</summary>
public class RefListBenchmarks
{
    private readonly byte[] _listing = ManyRefs.Listing();
    private readonly byte[] _advertisement = ManyRefs.Advertisement();

    [Benchmark]
    public async Task<int> LsRefsOfSource()
    {
        using var reader = new PktLineReader(new MemoryStream(_listing));
        return (await LsRefs.ReadAsync(reader, ObjectFormat.Sha1, "The source", CancellationToken.None)).Refs.Count;
    }

    [Benchmark]
    public async Task<int> AdvertisementOfDestination()
    {
        using var reader = new PktLineReader(new MemoryStream(_advertisement));
        return (await RefAdvertisementReader.ReadAsync(reader, "git-receive-pack", "The destination", CancellationToken.None)).Refs.Count;
    }
}
