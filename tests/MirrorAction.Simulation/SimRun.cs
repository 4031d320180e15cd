using System.Globalization;
using MirrorAction.Simulation.Network;
using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation;

/// <summary>Something that must not be.</summary>
/// <param name="Invariant">Which of the eight invariants it breaks.</param>
/// <param name="Text">What happened.</param>
internal sealed record Wrong(int Invariant, string Text)
{
    public override string ToString() => $"({Invariant}) {Text}";
}

/// <summary>When a run is stopped, and how.</summary>
/// <param name="Request">At which of its requests.</param>
/// <param name="Moment">0 before the host sees it, 1 within it, 2 after the host has done it, 3 within the answer.</param>
internal sealed record Kill(int Request, int Moment);

/// <summary>What a run did about one repository and its mirror, and what it was told.</summary>
internal sealed class PairRecord
{
    /// <summary>Faults that pass.</summary>
    public int Faults { get; set; }

    /// <summary>Faults that nothing can be done about.</summary>
    public int Refusals { get; set; }

    /// <summary>Something changed at either side while the run was under way.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Pushes that the mirror's host hung up on, as it does where they have too many refs.</summary>
    public int HungUp { get; set; }

    /// <summary>Requests by kind.</summary>
    public Dictionary<CallKind, int> Calls { get; } = [];

    /// <summary>The mirrored refs that the source last told, and when.</summary>
    public (Dictionary<string, string> Refs, int At)? Source { get; set; }

    /// <summary>Those that the mirror last told.</summary>
    public (Dictionary<string, string> Refs, int At)? Mirror { get; set; }

    /// <summary>All that it told first, what the mirror keeps for itself too.</summary>
    public Dictionary<string, string>? MirrorAtFirst { get; set; }

    /// <summary>When a push last changed something.</summary>
    public int PushedAt { get; set; }

    /// <summary>Commands of all pushes.</summary>
    public int Commands { get; set; }

    /// <summary>Refs that the mirror's host refused.</summary>
    public HashSet<string> RefusedRefs { get; } = new(StringComparer.Ordinal);

    public int Count(CallKind kind) => Calls.GetValueOrDefault(kind);

    public int GitCalls => Calls.Where(c => c.Key >= CallKind.ListRefs).Sum(c => c.Value);
}

/// <summary>One run of the program: its clock, what befalls it, and what it does to the world.</summary>
internal sealed class SimRun(int number, SimWorld world, Settings settings)
{
    private readonly Dictionary<string, PairRecord> _pairs = new(StringComparer.Ordinal);
    private readonly List<string> _trace = [];
    private int _requests;

    public int Number => number;

    public SimWorld World => world;

    public Settings Settings => settings;

    public VirtualTime Time { get; } = new(world, TimeSpan.FromMinutes(settings.TimeoutMinutes));

    /// <summary>Faults of a hundred requests.</summary>
    public int Weather { get; init; }

    /// <summary>When it is killed; null for never.</summary>
    public Kill? Kill { get; init; }

    /// <summary>At which request a signal stops it; null for none.</summary>
    public int? SignalAt { get; init; }

    /// <summary>What happens in the world before its n-th request.</summary>
    public Dictionary<int, Action> Events { get; } = [];

    /// <summary>Before which of its requests it waits for another run; null for none.</summary>
    public int? WaitsAt { get; init; }

    /// <summary>Completes when it waits.</summary>
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it may go on.</summary>
    public TaskCompletionSource GoesOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Another run was at work at the same time.</summary>
    public bool IsDoubled { get; set; }

    /// <summary>Cancelled by a signal.</summary>
    public CancellationTokenSource Signal { get; } = new();

    /// <summary>Completes when the run is killed.</summary>
    public TaskCompletionSource Killed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Requests so far.</summary>
    public int Requests => _requests;

    /// <summary>Counts a request.</summary>
    public int NextRequest() => Interlocked.Increment(ref _requests);

    /// <summary>What it did that it must not.</summary>
    public List<Wrong> Wrongs { get; } = [];

    /// <summary>The sources that it was told of, by id.</summary>
    public Dictionary<long, string> Listed { get; } = [];

    /// <summary>What it was told of who can read a repository.</summary>
    public Dictionary<SimRepository, bool> ToldPrivate { get; } = [];

    /// <summary>The mirrors that it made.</summary>
    public HashSet<SimRepository> Created { get; } = [];

    /// <summary>Faults of requests that are about no single repository.</summary>
    public int ListFaults { get; set; }

    /// <summary>Of them, those that end a run.</summary>
    public int ListRefusals { get; set; }

    /// <summary>What befell it, counted.</summary>
    public Dictionary<string, int> Tally { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts something that befell it.</summary>
    public void Count(string what, int number = 1)
    {
        lock (_trace)
            Tally[what] = Tally.GetValueOrDefault(what) + number;
    }

    /// <summary>What happened, in order.</summary>
    public IReadOnlyList<string> Trace
    {
        get
        {
            lock (_trace)
                return [.. _trace];
        }
    }

    /// <summary>All that is known of a pair.</summary>
    public PairRecord Pair(string name)
    {
        var key = name.ToLowerInvariant();
        lock (_pairs)
        {
            if (!_pairs.TryGetValue(key, out var pair))
                _pairs.Add(key, pair = new PairRecord());
            pair.IsChanged |= IsDoubled;
            return pair;
        }
    }

    /// <summary>The listed source whose mirror has a slug, which may be a former name; the slug where none has.</summary>
    public string SourceAt(string slug)
    {
        var mirror = world.Mirror(slug);
        return mirror is null ? slug : Listed.FirstOrDefault(l => SimWorld.IsMarked(mirror, l.Key)).Value ?? slug;
    }

    public void Tell(string text)
    {
        lock (_trace)
            _trace.Add(string.Create(CultureInfo.InvariantCulture, $"run {number}.{Requests}: {text}"));
    }

    /// <summary>Called before the run changes a mirror: it may, or it is told to the judge.</summary>
    public void WritesTo(SimRepository mirror, string what)
    {
        if (settings.Mode != "mirror")
            Wrongs.Add(new(3, $"{settings.Mode} changed {what} of {mirror.Name}"));
        var names = Listed.Where(l => l.Value.Equals(mirror.Name, StringComparison.OrdinalIgnoreCase)).Select(l => (long?)l.Key).ToArray();
        if (mirror.MirrorOf is { } id && (names.Contains(id) || (Listed.ContainsKey(id) && SimWorld.IsMarked(mirror, id))))
            return;
        if (
            names.Length == 1
            && world.Sources.Concat(world.Gone).FirstOrDefault(s => s.Id == names[0]) is { } source
            && (settings.Adopt || IsPartOf(mirror, source))
        )
            mirror.MirrorOf = source.Id;
        else
            Wrongs.Add(new(3, $"changed {what} of {mirror.Name}, which is not its mirror ({mirror.Description})"));
    }

    /// <summary>Every branch is one of the source's, or leads to one.</summary>
    private bool IsPartOf(SimRepository mirror, SimRepository source)
    {
        var tips = source.Refs.Concat(Pair(mirror.Name).Source?.Refs ?? []).Where(r => IsBranch(r.Key)).Select(r => r.Value).Distinct().ToArray();
        return mirror.Refs.Where(r => IsBranch(r.Key)).All(r => tips.Any(tip => world.Universe.IsAncestor(r.Value, tip)))
            && (mirror.Refs.Keys.Any(IsBranch) || mirror.Refs.Count == 0);
    }

    private static bool IsBranch(string name) => name.StartsWith("refs/heads/", StringComparison.Ordinal);

    /// <summary>Called when the run has moved a ref of a mirror.</summary>
    public void Moved(SimRepository mirror, string name, string? old, string? value)
    {
        if (old is null || !SimRepository.IsMirrored(name) || (value is not null && IsBranch(name) && world.Universe.IsAncestor(old, value)))
            return;
        if (!world.Universe.Reach(mirror.Refs.Values).Contains(old))
            Wrongs.Add(
                new(1, $"{mirror.Name}: {name} {(value is null ? "was deleted" : "was overwritten")}, and nothing holds its old value {old[..7]}")
            );
        mirror.Owed.Add(new Owed(old, name, settings.KeepDays == 0 ? DateTimeOffset.MaxValue : world.Now.AddDays(settings.KeepDays).AddHours(-6)));
    }
}
