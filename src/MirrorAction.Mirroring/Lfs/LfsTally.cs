using MirrorAction.Git.Lfs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Lfs;

/// <summary>Counts what becomes of the LFS objects of one repository, over all attempts. Thread-safe.</summary>
internal sealed class LfsTally
{
    private readonly Lock _lock = new();
    private readonly HashSet<LfsPointer> _objects = [];
    private readonly HashSet<LfsPointer> _moved = [];
    private readonly HashSet<LfsPointer> _missing = [];
    private bool _isUsed;

    /// <summary>The counts; null where LFS is not used.</summary>
    internal LfsReport? Report
    {
        get
        {
            lock (_lock)
            {
                return _isUsed ? new LfsReport(_objects.Count, _moved.Count, _moved.Sum(o => o.Size), _missing.Count) : null;
            }
        }
    }

    /// <summary>Objects were looked for, and these were found.</summary>
    /// <param name="objects">The objects.</param>
    /// <param name="isUsed">The repository uses LFS, though none may have been found.</param>
    internal void Found(IEnumerable<LfsPointer> objects, bool isUsed)
    {
        lock (_lock)
        {
            _objects.UnionWith(objects);
            _isUsed |= isUsed || _objects.Count > 0;
        }
    }

    /// <summary>An object moved, or would.</summary>
    internal void Moved(LfsPointer pointer)
    {
        lock (_lock)
        {
            _moved.Add(pointer);
        }
    }

    /// <summary>Objects that are not where they should come from.</summary>
    internal void Missing(IEnumerable<LfsPointer> objects)
    {
        lock (_lock)
        {
            _missing.Clear();
            _missing.UnionWith(objects);
        }
    }
}
