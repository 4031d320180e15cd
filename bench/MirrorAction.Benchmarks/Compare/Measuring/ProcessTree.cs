using System.Globalization;

namespace MirrorAction.Benchmarks.Compare.Measuring;

/// <summary>The descendants of a process, found again and again. A process is asked for its parent once, when it is first seen.</summary>
internal sealed class ProcessTree(int root)
{
    private readonly Dictionary<int, bool> _belongs = new() { [root] = true, [0] = false };

    /// <summary>Those that are there now, without the root itself.</summary>
    internal List<int> Descendants()
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && Belongs(process)
                && process != root
            )
                found.Add(process);
        }

        return found;
    }

    private bool Belongs(int process)
    {
        if (!_belongs.TryGetValue(process, out var belongs))
            _belongs[process] = belongs = ParentOf(process) is { } parent && Belongs(parent);
        return belongs;
    }

    private static int? ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            // The name, in parentheses, may itself hold spaces and parentheses; state and parent follow it.
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // It has just ended.
        }
    }
}
