using System.Globalization;
using MirrorAction.Simulation.Git;

namespace MirrorAction.Simulation.World;

/// <summary>
/// What people do to repositories, at random: everything that a history can go through, and what they do at mirrors although they should not.
/// </summary>
/// <param name="world">Where.</param>
/// <param name="dice">What.</param>
internal sealed class People(SimWorld world, Dice dice)
{
    private static readonly string[] s_branches =
    [
        "main",
        "develop",
        "x",
        "x/y",
        "x/y/z",
        "feature/login",
        "feature",
        "release/1.0",
        "caf\u00c3\u00a9",
        "mirror-kept",
    ];

    private static readonly string[] s_tags = ["v1.0", "v1.1", "v2", "v2/rc", "public", "nightly"];

    private static readonly string[] s_reserved = ["mirror-kept", "mirror-kept/x", "mirror-kept/20261130T000000Z/heads/main", "mirror-part"];

    private static readonly string[] s_allBranches =
    [
        .. s_branches,
        "caf\u00e9", // No UTF-8.
        new string('l', 236), // Too long to be kept under its own name.
        new string('l', 235) + "m",
    ];

    private int _made;

    /// <summary>What was done, for the trace.</summary>
    public Action<string> Tell { get; init; } = _ => { };

    /// <summary>Histories may hold what git's fsck refuses, and objects may get lost.</summary>
    public bool AllowsDamage { get; init; }

    /// <summary>A repository with a few commits, branches and tags; some have nothing.</summary>
    public SimRepository Found(string name)
    {
        var repository = new SimRepository
        {
            Id = world.NextId(),
            Name = name,
            IsPrivate = dice.Chance(60),
            Head = dice.Chance(80) ? "main" : "master",
        };
        if (dice.Chance(4))
            return repository;
        Set(repository, "refs/heads/" + repository.Head, Commit(repository, []).Id, "founded");
        for (var i = dice.Between(1, 6); i > 0; i--)
            Work(repository);
        return repository;
    }

    /// <summary>One change at a source.</summary>
    public void Work(SimRepository repository)
    {
        var branches = repository.Refs.Keys.Where(n => n.StartsWith("refs/heads/", StringComparison.Ordinal)).ToArray();
        if (branches.Length == 0)
        {
            Set(repository, "refs/heads/" + repository.Head, Commit(repository, []).Id, "first commit");
            return;
        }

        var branch = dice.Pick(branches);
        var tip = world.Universe[repository.Refs[branch]];
        switch (dice.Next(AllowsDamage ? 20 : 18))
        {
            case <= 4:
                Set(repository, branch, Commit(repository, [tip]).Id, "commit");
                break;
            case 5 or 6:
                Set(repository, branch, Commit(repository, [.. tip.Parents.Take(1).Select(p => world.Universe[p])]).Id, "rewritten");
                break;
            case 7 when tip.Parents.FirstOrDefault() is { } parent:
                Set(repository, branch, parent, "reset");
                break;
            case 8 when branch != "refs/heads/" + repository.Head:
                Set(repository, branch, null, "deleted");
                break;
            case 9:
                SwapFolder(repository, branch);
                break;
            case 10 or 11:
                Set(repository, "refs/heads/" + dice.Pick(s_allBranches), (dice.Chance(50) ? tip : Commit(repository, [tip])).Id, "new branch");
                break;
            case 12:
                Set(repository, branch, Commit(repository, [tip, world.Universe[repository.Refs[dice.Pick(branches)]]]).Id, "merge");
                break;
            case 13:
                repository.Head = branch["refs/heads/".Length..];
                Tell($"{repository.Name}: default branch {repository.Head}");
                break;
            case 14 or 15:
                Tag(repository, dice.Pick(s_tags), tip);
                break;
            case 16 when repository.Refs.Keys.Where(n => n.StartsWith("refs/tags/", StringComparison.Ordinal)).ToArray() is { Length: > 0 } tags:
                Set(repository, dice.Pick(tags), null, "tag deleted");
                break;
            case 17:
                Tag(repository, dice.Pick(s_reserved), tip);
                break;
            case 18:
                Damage(repository, tip);
                break;
            case 19:
                Lose(repository, branch, tip);
                break;
            default:
                Set(repository, branch, Commit(repository, [tip]).Id, "commit");
                break;
        }

        if (dice.Chance(10))
            repository.CollectGarbage(world.Universe);
    }

    /// <summary>What somebody does at a mirror.</summary>
    public void Meddle(SimRepository mirror)
    {
        var own = mirror.Refs.Where(r => SimRepository.IsMirrored(r.Key) && r.Key.StartsWith("refs/heads/", StringComparison.Ordinal)).ToArray();
        if (own.Length == 0)
            return;
        var (branch, id) = dice.Pick(own);
        switch (dice.Next(5))
        {
            case 0:
                Set(mirror, branch, Commit(mirror, [world.Universe[id]]).Id, "pushed at the mirror");
                break;
            case 1:
                Set(
                    mirror,
                    branch,
                    Commit(mirror, [.. world.Universe[id].Parents.Take(1).Select(p => world.Universe[p])]).Id,
                    "rewritten at the mirror"
                );
                break;
            case 2:
                Set(mirror, "refs/heads/" + dice.Pick(s_allBranches), Commit(mirror, [world.Universe[id]]).Id, "branch of the mirror alone");
                break;
            case 3 when branch != "refs/heads/" + mirror.Head:
                Set(mirror, branch, null, "deleted at the mirror");
                break;
            case 4:
                mirror.Description = dice.Chance(70) ? mirror.Description + " - please do not push here" : "Our copy of it";
                Tell($"mirror {mirror.Name}: description changed");
                break;
            default:
                break;
        }
    }

    /// <summary>A commit on some parents, whose file grows.</summary>
    public SimObject Commit(SimRepository repository, IReadOnlyList<SimObject> parents, Func<SimObject, SimObject>? spoil = null)
    {
        var number = ++_made;
        var old = parents.Count == 0 ? "" : ReadmeOf(parents[0]);
        var file = world.Make(
            repository,
            SimObject.Blob(
                $"{(old.Length > 0 ? old : $"Readme of {repository.Name}, a repository of acme\n")}line {number} {repository.Id} {dice.Next(1000)}\n"
            )
        );
        var folder = world.Make(
            repository,
            SimObject.Tree(("code", world.Make(repository, SimObject.Blob($"code {repository.Id} {dice.Next(1000)}\n"))))
        );
        var tree = world.Make(repository, spoil?.Invoke(file) ?? SimObject.Tree(("README", file), ("src", folder)));
        return world.Make(repository, SimObject.Commit(tree, parents, world.Now.ToUnixTimeSeconds() + number, $"commit {number}"));
    }

    private string ReadmeOf(SimObject commit)
    {
        var tree = world.Universe[commit.Links[0]];
        return tree.Links.Select(l => world.Universe[l])
                .Where(o => o.Kind == ObjectKind.Blob)
                .Select(o => System.Text.Encoding.UTF8.GetString(o.Data))
                .FirstOrDefault()
            ?? "";
    }

    private void Tag(SimRepository repository, string name, SimObject tip)
    {
        var target = dice.Next(6) switch
        {
            0 => world.Universe[tip.Links[0]],
            1 => world.Make(repository, SimObject.Tag(tip, name, world.Now.ToUnixTimeSeconds())),
            2 => world.Make(repository, SimObject.Tag(world.Make(repository, SimObject.Tag(tip, "inner", 0)), name, world.Now.ToUnixTimeSeconds())),
            3 => world.Make(repository, SimObject.Blob($"a tag of a file {dice.Next(1000)}\n")),
            _ => tip,
        };
        Set(repository, "refs/tags/" + name, target.Id, "tag");
    }

    private static bool IsText(string name) =>
        !System.Text.Encoding.UTF8.GetString(System.Text.Encoding.Latin1.GetBytes(name)).Contains('\ufffd', StringComparison.Ordinal);

    /// <summary>A branch becomes a folder of branches, or the other way round.</summary>
    private void SwapFolder(SimRepository repository, string branch)
    {
        if (branch == "refs/heads/" + repository.Head && (dice.Chance(50) || !IsText(branch)))
            return;
        var id = repository.Refs[branch];
        var slash = branch.LastIndexOf('/');
        var other = slash > "refs/heads/".Length ? branch[..slash] : branch + "/inner";
        foreach (var name in repository.Refs.Keys.Where(n => n == branch || n.StartsWith(other + "/", StringComparison.Ordinal)).ToArray())
            repository.Move(0, name, null);
        Set(repository, other, id, $"instead of {branch}");
        if (branch == "refs/heads/" + repository.Head)
            repository.Head = other["refs/heads/".Length..];
    }

    /// <summary>A branch of its own with an object that git's fsck refuses.</summary>
    private void Damage(SimRepository repository, SimObject tip)
    {
        var commit = dice.Chance(50)
            ? Commit(repository, [tip], file => SimObject.PaddedTree(("README", file)))
            : world.Make(
                repository,
                SimObject.CommitWithoutSpace(world.Universe[tip.Links[0]], [tip], 1_700_000_000 + dice.Next(1000), "by an old tool")
            );
        Set(repository, "refs/heads/imported", commit.Id, "with an unsound object");
    }

    /// <summary>A file that only one branch needs can't be read any more.</summary>
    private void Lose(SimRepository repository, string branch, SimObject tip)
    {
        var others = world.Universe.Reach(repository.Refs.Where(r => r.Key != branch).Select(r => r.Value));
        if (
            world.Universe.Reach([tip.Id], beyond: others).Select(id => world.Universe[id]).FirstOrDefault(o => o.Kind == ObjectKind.Blob)
            is not { } blob
        )
            return;
        repository.Unreadable.Add(blob.Id);
        Tell($"{repository.Name}: {blob} of {branch} can't be read any more");
    }

    /// <summary>Moves a ref, if the names allow it.</summary>
    private void Set(SimRepository repository, string name, string? value, string what)
    {
        if (value is not null && !repository.Refs.ContainsKey(name) && repository.Conflicts(name))
            return;
        if (value is not null)
            repository.Take(world.Universe, value);
        repository.Move(0, name, value);
        Tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(world.Sources.Contains(repository) ? "" : "mirror ")}{repository.Name}: {name} {what}, {value?[..7] ?? "gone"}"
            )
        );
    }
}
