using MirrorAction.Simulation.Git;
using MirrorAction.Simulation.World;
using MirrorAction.TestKit;

namespace MirrorAction.Simulation;

/// <summary>What the simulated servers say of objects is what git says of them.</summary>
public sealed class LikeGitTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SimWorld _world = new();

    [Fact]
    public void Git_reads_the_packs_and_reaches_the_same_objects()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var people = new People(_world, Dice.For(seed, "like git"));
            var source = people.Found($"like-{seed}");
            var git = GitRepository.Init(Path.Combine(_folder.Path, source.Name));
            Send(git, source, []);
            for (var i = 0; i < 8; i++)
            {
                // What the receiver has, some objects are told as differences from.
                var haves = source.Refs.Values.ToArray();
                people.Work(source);
                Send(git, source, haves);
            }

            foreach (var (name, id) in source.Refs)
                git.Git("update-ref", $"refs/sim/{id}", id);
            git.Git("fsck", "--strict");
            Lines(git.Git("rev-list", "--objects", "--no-object-names", "--all"))
                .ShouldBe(_world.Universe.Reach(source.Refs.Values), ignoreOrder: true);
        }
    }

    [Fact]
    public void Git_finds_the_same_ancestors()
    {
        var people = new People(_world, Dice.For(7, "like git"));
        var source = people.Found("ancestors");
        for (var i = 0; i < 12; i++)
            people.Work(source);
        var git = GitRepository.Init(Path.Combine(_folder.Path, "ancestors"));
        Send(git, source, []);
        var commits = _world.Universe.Reach(source.Refs.Values).Where(id => _world.Universe[id].Kind == ObjectKind.Commit).ToArray();
        var rejects = commits
            .SelectMany(old => commits.Select(of => (Old: old, Of: of)))
            .Take(60)
            .Where(pair =>
                _world.Universe.IsAncestor(pair.Old, pair.Of)
                != (RealGit.Try(git.Path, ["merge-base", "--is-ancestor", pair.Old, pair.Of]).ExitCode == 0)
            );
        rejects.ShouldBeEmpty();
    }

    [Fact]
    public void Git_has_the_same_complaints()
    {
        var people = new People(_world, Dice.For(1, "like git"));
        var source = people.Found("complaints");
        var file = _world.Make(source, SimObject.Blob("a file\n"));
        var padded = _world.Make(source, SimObject.PaddedTree(("README", file)));
        var tree = _world.Make(source, SimObject.Tree(("README", file)));
        foreach (var unsound in new[] { padded, _world.Make(source, SimObject.CommitWithoutSpace(tree, [], 1_700_000_000, "old")) })
        {
            var git = GitRepository.Init(Path.Combine(_folder.Path, unsound.Id));
            var pack = PackFile.Write([file, tree, unsound], _ => null);
            var outcome = RealGit.Try(git.Path, ["-c", "transfer.fsckObjects=true", "index-pack", "--stdin", "--strict"], pack);
            outcome.ExitCode.ShouldNotBe(0);
            outcome.Error.ShouldContain($"{unsound.Id}: {unsound.Complaint}");
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>By the answer of the simulated server, as a program that fetches takes it apart.</summary>
    private void Send(GitRepository git, SimRepository source, string[] haves)
    {
        using var request = new MemoryStream();
        request.Line("command=fetch\n").Line("thin-pack\n");
        foreach (var want in source.Refs.Values.Distinct())
            request.Line($"want {want}\n");
        foreach (var have in haves)
            request.Line($"have {have}\n");
        var answer = UploadPack.Fetch(source, _world.Universe, request.Line("done\n").End().ToArray(), 1000);
        using var pack = new MemoryStream();
        for (var at = 0; at < answer.Length; )
        {
            if (Pkt.NextPayload(answer, ref at) is { } line && line.Length > 0 && line[0] == 1)
                pack.Write(Pkt.Text.GetBytes(line[1..]));
        }

        RealGit.Try(git.Path, ["index-pack", "--stdin", "--fix-thin", "--strict"], pack.ToArray()).EnsureSuccess();
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
