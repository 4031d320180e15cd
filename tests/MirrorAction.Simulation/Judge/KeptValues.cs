using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation.Evaluate;

/// <summary>(1) What was overwritten or deleted at a mirror can be found there, as long as it was promised.</summary>
internal static class KeptValues
{
    /// <summary>Looks at every mirror.</summary>
    public static void Hold(SimWorld world, List<Wrong> wrongs)
    {
        foreach (var mirror in world.Mirrors)
        {
            mirror.Owed.RemoveAll(owed => owed.Until < world.Now);
            if (mirror.Owed.Count == 0)
                continue;
            var reached = world.Universe.Reach(mirror.Refs.Values);
            foreach (var owed in mirror.Owed)
            {
                if (!reached.Contains(owed.Id))
                    wrongs.Add(
                        new Wrong(
                            1,
                            $"{mirror.Name}: the old value {owed.Id[..7]} of {owed.Ref} is reached by nothing, and was promised until {owed.Until:yyyy-MM-dd}"
                        )
                    );
                else if (world.Universe.Reach([owed.Id]).FirstOrDefault(id => !mirror.Objects.ContainsKey(id)) is { } lost)
                    wrongs.Add(new Wrong(1, $"{mirror.Name}: the old value {owed.Id[..7]} of {owed.Ref} lacks {lost[..7]}"));
            }
        }
    }
}
