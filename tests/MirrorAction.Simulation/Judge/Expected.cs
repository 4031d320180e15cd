using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation.Evaluate;

/// <summary>What has to become of a repository in a run that nothing disturbs, found out from the world alone.</summary>
/// <param name="world">The world after the run.</param>
/// <param name="settings">The run's inputs.</param>
/// <param name="source">The source.</param>
internal sealed class Expected(SimWorld world, Settings settings, SimRepository source)
{
    public SimRepository Source => source;

    public SimRepository? Mirror { get; } = world.MirrorFor(source);

    /// <summary>Mirrored refs that differ now.</summary>
    public IReadOnlySet<string> Differences()
    {
        var (ours, theirs) = (source.Mirrored(), Mirror?.Mirrored() ?? []);
        return ours.Keys.Union(theirs.Keys).Where(n => ours.GetValueOrDefault(n) != theirs.GetValueOrDefault(n)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Differences that may be, because the mirror's host or the source's damage holds those refs back.</summary>
    public IReadOnlySet<string> Excused(IReadOnlySet<string> differences)
    {
        // That host is asked no more; and of what a program sends it can't know all that is there already.
        if (Mirror is { Rules.IsFull: true })
            return differences;
        var excused = differences.Where(IsHeldBack).ToHashSet(StringComparer.Ordinal);
        if (
            Mirror is not null
            && differences.Contains("refs/heads/" + Mirror.Head)
            && !source.Refs.ContainsKey("refs/heads/" + Mirror.Head)
            && !CanChangeHead()
        )
            excused.Add("refs/heads/" + Mirror.Head);
        for (var before = -1; before != excused.Count; )
        {
            // What stands in the way of a ref holds it back too.
            before = excused.Count;
            foreach (var name in differences.Where(n => source.Refs.ContainsKey(n) && !Mirror!.Refs.ContainsKey(n)))
            {
                if (excused.Any(held => Mirror!.Refs.ContainsKey(held) && IsInTheWay(held, name)))
                    excused.Add(name);
            }
        }

        return excused;
    }

    /// <summary>Codes of errors by which the whole repository may be left alone.</summary>
    /// <param name="before">All refs of the mirror when the run began.</param>
    public IReadOnlySet<string> Guards(IReadOnlyDictionary<string, string> before)
    {
        var codes = new HashSet<string>(StringComparer.Ordinal);
        var mirrored = before.Where(r => SimRepository.IsMirrored(r.Key)).ToArray();
        var deletions = mirrored.Count(r => !source.Refs.ContainsKey(r.Key));
        if (settings.PruneLimit == "50%" && deletions > 5 && deletions * 2 > mirrored.Length)
            codes.Add("prune-guard");
        if (!source.Refs.ContainsKey("refs/heads/" + source.Head) && deletions > 0)
            codes.Add("prune-guard");
        if (
            Mirror is not null
            && (
                Mirror.MirrorOf != source.Id
                || !(Mirror.Description.StartsWith(SimWorld.MarkOf(source), StringComparison.Ordinal) || IsPart(mirrored))
            )
        )
            codes.Add("not-a-mirror");

        // What had its name before could not be renamed.
        if (Mirror is not null && world.Sources.Exists(s => s != source && SimWorld.IsMarked(Mirror, s.Id)))
            codes.Add("name-collision");
        return codes;
    }

    /// <summary>What the mirror has leads to what the source has.</summary>
    private bool IsPart(KeyValuePair<string, string>[] mirrored)
    {
        var tips = source.Refs.Where(r => IsBranch(r.Key)).Select(r => r.Value).Distinct().ToArray();
        return mirrored.Where(r => IsBranch(r.Key)).All(r => tips.Any(tip => world.Universe.IsAncestor(r.Value, tip)));
    }

    private static bool IsBranch(string name) => name.StartsWith("refs/heads/", StringComparison.Ordinal);

    /// <summary>The mirror would show what is private.</summary>
    public bool IsExposing => source.IsPrivate && Mirror is { IsPrivate: false };

    private bool IsHeldBack(string name)
    {
        if (Mirror is null)
            return false;
        var (wanted, there) = (source.Refs.GetValueOrDefault(name), Mirror.Refs.GetValueOrDefault(name));
        if (Mirror.Rules.Refuses(name))
            return true;
        var isForward =
            wanted is not null
            && there is not null
            && name.StartsWith("refs/heads/", StringComparison.Ordinal)
            && world.Universe.IsAncestor(there, wanted);
        if (Mirror.Rules.RefusesKept && there is not null && !isForward)
            return true;
        return wanted is not null
            && Sent(wanted)
                .Any(id =>
                    source.Unreadable.Contains(id)
                    || !source.Objects.ContainsKey(id)
                    || (Mirror.Rules.ChecksObjects && world.Universe[id].Complaint is not null)
                );
    }

    /// <summary>What the source sends for a value: all but what it knows to be at the mirror.</summary>
    private HashSet<string> Sent(string wanted) =>
        world.Universe.Reach([wanted], beyond: world.Universe.Reach(Mirror!.Refs.Values.Where(source.Objects.ContainsKey)));

    /// <summary>Another branch of the source stands at the mirror, with a name that REST can tell.</summary>
    private bool CanChangeHead() =>
        source.Refs.Keys.Any(n => n.StartsWith("refs/heads/", StringComparison.Ordinal) && Mirror!.Refs.ContainsKey(n) && IsText(n));

    private static bool IsText(string name) =>
        !System.Text.Encoding.UTF8.GetString(System.Text.Encoding.Latin1.GetBytes(name)).Contains('\ufffd', StringComparison.Ordinal);

    private static bool IsInTheWay(string one, string other) =>
        one.StartsWith(other + "/", StringComparison.Ordinal) || other.StartsWith(one + "/", StringComparison.Ordinal);
}
