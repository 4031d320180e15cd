namespace MirrorAction.Simulation.World;

/// <summary>
/// Repositories that come, go and change hands: those of others in the workspace, and sources that are renamed, deleted, made anew or shown to
/// others.
/// </summary>
internal sealed class Neighbours(SimWorld world, Dice dice, People people)
{
    /// <summary>Puts repositories of others where mirrors would be, and beside them.</summary>
    public void Settle(Scenario scenario, Action<string> tell)
    {
        foreach (var source in world.Sources)
        {
            if (dice.Chance(scenario.Neighbours))
                Settle(source, tell);
        }
    }

    private void Settle(SimRepository source, Action<string> tell)
    {
        var other = new SimRepository
        {
            Id = world.NextId(),
            Name = SimWorld.SlugOf(source),
            Head = "main",
            IsPrivate = dice.Chance(80),
        };
        var tips = source.Refs.Where(r => r.Key.StartsWith("refs/heads/", StringComparison.Ordinal)).Select(r => r.Value).ToArray();
        var kind = tips.Length == 0 ? 0 : dice.Next(6);
        void Put(string name, string id)
        {
            if (other.Conflicts(name))
                return;
            other.Take(world.Universe, id);
            other.Move(0, name, id);
        }

        if (kind != 5)
            Put(
                "refs/heads/main",
                kind == 1 ? tips[0]
                    : kind == 4 ? people.Commit(other, [world.Universe[tips[0]]]).Id
                    : people.Commit(other, []).Id
            );
        switch (kind)
        {
            case 2: // Shares a tag.
                Put("refs/tags/public", tips[0]);
                source.Move(0, "refs/tags/public", tips[0]);
                break;
            case 3: // Shares a branch, but has another too.
                Put("refs/heads/shared", tips[0]);
                break;
            case 4: // A fork that went on.
                other.Description = $"Mirror of git.other.example/{SimWorld.Owner}/{source.Name} (id {source.Id})";
                break;
            default: // 0: nothing in common. 1: a copy, which may be taken over. 5: empty.
                break;
        }

        world.Mirrors.Add(other);
        tell($"  somebody's {other.Name} stands in the workspace, kind {kind}");
    }

    /// <summary>What happens to repositories between two runs.</summary>
    public void Move(Scenario scenario, Action<string> tell)
    {
        foreach (var source in world.Sources.ToArray())
        {
            if (!dice.Chance(scenario.Moving))
                continue;
            switch (dice.Next(6))
            {
                case 0 when source.Name.Length < 30:
                    tell($"  {source.Name} is renamed");
                    world.FormerNames[source.Name] = source;
                    source.Name += "-new";
                    break;
                case 1:
                    tell($"  {source.Name} is deleted and made anew");
                    Remove(source);
                    world.Sources.Add(people.Found(source.Name));
                    break;
                case 2 when world.Sources.Count > 1:
                    tell($"  {source.Name} is deleted");
                    Remove(source);
                    break;
                case 3 or 4:
                    source.IsPrivate = !source.IsPrivate;
                    tell($"  {source.Name} is {(source.IsPrivate ? "private" : "public")} now");
                    break;
                case 5:
                    if (world.Mirror(SimWorld.SlugOf(source)) is { } mirror)
                    {
                        mirror.IsPrivate = !mirror.IsPrivate;
                        tell($"  the mirror {mirror.Name} is {(mirror.IsPrivate ? "private" : "public")} now");
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private void Remove(SimRepository source)
    {
        world.Sources.Remove(source);
        world.Gone.Add(source);
    }
}
