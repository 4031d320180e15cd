using System.Text;
using LibGit2Sharp;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Proof;
using MirrorAction.TestKit;
using Ref = MirrorAction.Git.Model.Ref;

namespace MirrorAction.IntegrationTests.Proof;

/// <summary>libgit2 over repositories of the installed git: what it walks, what it misses, what it refuses.</summary>
public sealed class SecondReaderTests : IDisposable
{
    private readonly TempFolder _folder = new("reader-");
    private readonly GitRepository _git;

    public SecondReaderTests() => _git = GitRepository.Init(_folder["website.git"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_object_that_git_reaches_is_walked_once()
    {
        DamagedHistory.Build(_git);

        (await ReadAsync()).ShouldBe(Reachable());
    }

    [Fact]
    public async Task Submodules_are_not_looked_for()
    {
        var blob = DamagedHistory.Write(_git, "blob", "1\n"u8.ToArray());
        var tree = RealGit
            .Try(_git.Path, ["mktree"], Encoding.ASCII.GetBytes($"100644 blob {blob}\ta\n160000 commit {new string('1', 40)}\tsub\n"))
            .Text;
        _git.UpdateRef("refs/heads/main", _git.Git("commit-tree", tree, "-m", "With a submodule"));

        (await ReadAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task Tags_of_tags_trees_and_files_are_followed()
    {
        _git.Commit("a", "1\n");
        var tree = _git.Git("rev-parse", "main^{tree}");
        var blob = DamagedHistory.Write(_git, "blob", "only a tag has this\n"u8.ToArray());
        _git.Tag("tree", tree);
        _git.Tag("blob", blob);
        _git.TagAnnotated("of-tree", tree);
        _git.TagAnnotated("of-blob", blob);
        _git.TagAnnotated("of-tag", "of-blob");

        (await ReadAsync()).ShouldBe(3 + 1 + 3);
    }

    [Fact]
    public async Task Empty_repository_is_read() => (await ReadAsync()).ShouldBe(0);

    /// <summary>As a walk that calls itself would not survive.</summary>
    [Fact]
    public async Task Ten_thousand_commits_in_a_row_are_walked()
    {
        using (var import = _git.Import())
        {
            for (var i = 0; i < 10_000; i++)
            {
                import.Commit("main", "a", $"{i % 7}\n");
            }

            import.Complete();
        }

        (await ReadAsync()).ShouldBe(Reachable());
    }

    [Fact]
    public async Task Folder_of_great_depth_is_walked()
    {
        _git.Commit(string.Join('/', Enumerable.Repeat("d", 1_500)) + "/file", "1\n");

        (await ReadAsync()).ShouldBe(1 + 1_501 + 1);
    }

    [Fact]
    public async Task Names_that_it_cannot_ask_for_do_no_harm_and_their_values_are_walked()
    {
        _git.Commit("a", "1\n");
        var aside = _git.Commit("b", "2\n", "aside", from: "refs/heads/main");
        foreach (var name in (string[])["refs/heads/-dash", "refs/heads/@", "refs/heads/HEAD", "refs/heads/größe", "refs/heads/$(x)`\"'", "refs/odd"])
        {
            _git.UpdateRef(name, aside);
        }

        _git.UpdateRef("refs/heads/gr\u00f6\u00dfe"u8.ToArray(), aside);
        (await ReadAsync()).ShouldBe(Reachable());

        var latin1 = _git.Commit("c", "3\n", "other", from: "refs/heads/main");
        _git.UpdateRef([.. "refs/heads/caf"u8, 0xe9], latin1);
        _git.DeleteBranch("other");
        _git.UpdateRef($"refs/heads/{new string('x', 240)}/{new string('y', 240)}", latin1);
        (await ReadAsync()).ShouldBe(Reachable());

        _git.Git("pack-refs", "--all");
        var packed = Path.Combine(_git.Path, "packed-refs");
        var lines = await File.ReadAllLinesAsync(packed, Encoding.Latin1, TestContext.Current.CancellationToken);
        string[] longer = [.. lines[1..], $"{latin1} refs/heads/{new string('z', 2_000)}"];
        string[] sorted = [lines[0], .. longer.OrderBy(line => line[41..], StringComparer.Ordinal)];
        await File.WriteAllTextAsync(packed, string.Join('\n', sorted) + "\n", Encoding.Latin1, TestContext.Current.CancellationToken);
        (await ReadAsync()).ShouldBe(Reachable());
    }

    [Theory]
    [InlineData(Damage.Tree, "tree {0}, which the commit", "is missing")]
    [InlineData(Damage.File, "file {0}, which the tree", "is missing")]
    [InlineData(Damage.Parent, "commit {0}, which the commit", "is missing")]
    [InlineData(Damage.TagTarget, "commit {0}, which the tag", "is missing")]
    [InlineData(Damage.Malformed, "tree {0}, which the commit", "cannot be read: failed to parse tree")]
    [InlineData(Damage.WrongKind, "{0}, which the commit", "is a file")]
    public async Task What_is_wrong_is_named_with_who_needs_it(Damage damage, string object_, string verdict)
    {
        DamagedHistory.Build(_git);
        var (culprit, isLeftOut) = DamagedHistory.Prepare(_git, damage);
        var refs = Refs();
        if (isLeftOut)
        {
            File.Delete(LooseFileOf(culprit));
        }

        var message = (await Should.ThrowAsync<ReadersDisagreeException>(() => ReadAsync(refs))).Message;

        message.ShouldContain("MirrorAction's own: ");
        message.ShouldContain("libgit2");
        message.ShouldContain(string.Format(System.Globalization.CultureInfo.InvariantCulture, object_, culprit));
        message.ShouldContain(verdict);
    }

    [Fact]
    public async Task Of_much_damage_three_objects_are_named_and_the_others_counted()
    {
        DamagedHistory.Build(_git);
        var refs = Refs();
        foreach (var i in Enumerable.Range(1, 6))
        {
            File.Delete(LooseFileOf(_git.Git("rev-parse", $"main:src/file-{i}")));
        }

        var message = (await Should.ThrowAsync<ReadersDisagreeException>(() => ReadAsync(refs))).Message;

        message.Split(" is missing").Length.ShouldBe(4, message);
        message.ShouldContain("and 3 more");
    }

    [Fact]
    public async Task What_one_reader_alone_has_seen_is_told_of_both()
    {
        DamagedHistory.Build(_git);
        var tree = _git.Git("rev-parse", "main~5^{tree}");
        var refs = Refs();

        var unseen = await Should.ThrowAsync<ReadersDisagreeException>(() => ReadAsync(refs, id => id.ToString() != tree));
        unseen.Message.ShouldContain($"tree {tree} is there, and MirrorAction's own reader has not seen it");

        File.Delete(LooseFileOf(tree));
        var lost = await Should.ThrowAsync<ReadersDisagreeException>(() => ReadAsync(refs));
        lost.Message.ShouldContain("is missing, though MirrorAction's own reader has seen it");
    }

    [Fact]
    public async Task Object_under_a_wrong_name_is_found()
    {
        DamagedHistory.Build(_git);
        var refs = Refs();
        var (tree, other) = (LooseFileOf(_git.Git("rev-parse", "main~5^{tree}")), LooseFileOf(_git.Git("rev-parse", "main~4^{tree}")));
        File.Delete(tree);
        File.Copy(other, tree);

        (await Should.ThrowAsync<ReadersDisagreeException>(() => ReadAsync(refs))).Message.ShouldContain("cannot be read: ");
    }

    [Fact]
    public async Task Refs_are_those_that_were_written()
    {
        DamagedHistory.Build(_git);
        var refs = Refs();
        var main = refs.Single(r => r.Name.Raw == "refs/heads/main");
        var other = refs.Single(r => r.Name.Raw == "refs/heads/release");

        (await MessageOfAsync([.. refs.Where(r => r != main)])).ShouldContain("has 3 refs, and 2 were written");
        (await MessageOfAsync([.. refs.Where(r => r != main), main with { Id = other.Id }])).ShouldContain($"'refs/heads/main' is {main.Id}");
        (await MessageOfAsync([.. refs, new Ref(RefName.Branch("more"), other.Id)])).ShouldContain("'refs/heads/more' is missing");
    }

    [Fact]
    public async Task What_is_no_repository_is_told()
    {
        Directory.Delete(_git.Path, recursive: true);

        (await MessageOfAsync([])).ShouldContain("the repository cannot be read");
    }

    [Fact]
    public async Task Walk_ends_when_it_is_cancelled()
    {
        DamagedHistory.Build(_git);
        using var source = new CancellationTokenSource();
        var seen = 0;
        var reader = new SecondReader(
            _git.Path,
            _ =>
            {
                if (++seen == 5)
                {
                    source.Cancel();
                }

                return true;
            },
            TimeProvider.System
        );

        await Should.ThrowAsync<OperationCanceledException>(() => reader.ReadAsync(Refs(), source.Token));

        seen.ShouldBe(5);
    }

    [Fact]
    public async Task What_was_walked_is_not_walked_again()
    {
        DamagedHistory.Build(_git);
        var seen = 0;
        var reader = new SecondReader(_git.Path, _ => ++seen > 0, TimeProvider.System);
        await reader.ReadAsync(Refs(), TestContext.Current.CancellationToken);
        var before = seen;
        _git.Commit("src/file-9", "9\n");
        await reader.ReadAsync(Refs(), TestContext.Current.CancellationToken);

        (seen - before).ShouldBe(4);
        reader.Reading.Objects.ShouldBe(Reachable());
        SecondReader.Describe(reader.Reading).ShouldContain($"every one of the {Reachable()} objects");
    }

    [Fact]
    public void Nothing_of_the_machine_is_read_and_its_owner_does_not_matter()
    {
        LibGit2.Load().ShouldStartWith("libgit2 (LibGit2Sharp 0.");

        foreach (
            var level in (ConfigurationLevel[])
                [ConfigurationLevel.ProgramData, ConfigurationLevel.System, ConfigurationLevel.Xdg, ConfigurationLevel.Global]
        )
        {
            string.Concat(GlobalSettings.GetConfigSearchPaths(level)).ShouldBe("", level.ToString());
        }

        GlobalSettings.GetOwnerValidation().ShouldBeFalse();
    }

    [Fact]
    public void Sha256_is_refused_in_plain_words()
    {
        SecondReader.Refuses(ObjectFormat.Sha1).ShouldBeNull();
        SecondReader.Refuses(ObjectFormat.Sha256)!.ShouldContain("only MirrorAction's own checks were made");
    }

    private string LooseFileOf(string id) => Path.Combine(_git.Path, "objects", id[..2], id[2..]);

    /// <summary>The installed git's number of objects.</summary>
    private int Reachable() => _git.Git("rev-list", "--objects", "--all").Split('\n').Length;

    private Ref[] Refs() =>
        [
            .. _git.ForEachRef()
                .Select(r => new Ref(RefName.FromBytes(Encoding.Latin1.GetBytes(r.Key)), MirrorAction.Git.Model.ObjectId.Parse(r.Value))),
        ];

    private Task<long> ReadAsync() => ReadAsync(Refs());

    private async Task<string> MessageOfAsync(Ref[] refs) => (await Should.ThrowAsync<ReadersDisagreeException>(() => ReadAsync(refs))).Message;

    private async Task<long> ReadAsync(Ref[] refs, Func<MirrorAction.Git.Model.ObjectId, bool>? isKnown = null)
    {
        var reader = new SecondReader(_git.Path, isKnown ?? (_ => true), TimeProvider.System);
        await reader.ReadAsync(refs, TestContext.Current.CancellationToken);
        return reader.Reading.Objects;
    }
}
