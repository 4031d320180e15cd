using System.Globalization;
using MirrorAction.Simulation.Hosts;
using MirrorAction.Simulation.Judge;
using MirrorAction.Simulation.Network;
using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation;

/// <summary>What came of a seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Wrongs">What must not be; empty for a good end.</param>
/// <param name="Trace">All that happened.</param>
/// <param name="Log">What the last run printed, if it went wrong.</param>
/// <param name="Tally">What it was made of, counted.</param>
internal sealed record Story(long Seed, IReadOnlyList<Wrong> Wrongs, IReadOnlyList<string> Trace, string Log, IReadOnlyDictionary<string, int> Tally);

/// <summary>
/// Plays a seed: an organisation with some history, runs of the program over days and weeks, people who work meanwhile, and a network that fails, until
/// everything is calm. After every run the world is judged.
/// </summary>
internal sealed class Simulation
{
    private readonly long _seed;
    private readonly Scenario _scenario;
    private readonly Dice _dice;
    private readonly SimWorld _world = new();
    private readonly SimHosts _hosts;
    private readonly People _people;
    private readonly List<string> _trace = [];
    private readonly List<Wrong> _wrongs = [];
    private readonly Dictionary<string, int> _tally = new(StringComparer.Ordinal);
    private readonly string _folder;
    private string _log = "";
    private int _runs;

    private Simulation(long seed, Sabotage sabotage)
    {
        _seed = seed;
        _scenario = Scenario.Of(seed);
        _dice = Dice.For(seed, "world");
        _hosts = new SimHosts(_world, _scenario.PageSize, _scenario.Packet)
        {
            Sabotage = sabotage,
            Bitbucket = new BitbucketRest(_world, _scenario.PageSize) { CreatesPublic = _scenario.CreatesPublic, RefusesPrivate = _scenario.RefusesPrivate },
        };
        _people = new People(_world, _dice) { AllowsDamage = _scenario.AllowsDamage, Tell = text => _trace.Add($"  {text}") };
        _folder = Path.Combine(Scratch, string.Create(CultureInfo.InvariantCulture, $"mirror-simulation-{Environment.ProcessId}-{seed}-{Guid.NewGuid():N}"));
    }

    private static string Scratch { get; } = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    /// <summary>Plays a seed to its end.</summary>
    public static async Task<Story> PlayAsync(long seed, Sabotage sabotage = Sabotage.None)
    {
        var simulation = new Simulation(seed, sabotage);
        try
        {
            await simulation.PlayAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            simulation._wrongs.Add(new Wrong(5, $"the simulation broke: {e}"));
        }
        finally
        {
            if (Directory.Exists(simulation._folder))
                Directory.Delete(simulation._folder, recursive: true);
        }

        return new Story(seed, simulation._wrongs, simulation._trace, simulation._log, simulation._tally);
    }

    private async Task PlayAsync()
    {
        Tell(_scenario.ToString());
        Found();
        for (var i = 0; i < _scenario.Runs && _wrongs.Count == 0; i++)
        {
            await RunAsync(_scenario.Weather, isCalm: false);
            LiveOn();
        }

        if (_scenario.LiftsRules)
        {
            _world.Mirrors.ForEach(m => m.Rules.Lift());
            _world.Sources.ForEach(s => s.Unreadable.Clear());
            _hosts.Bitbucket.RefusesPrivate = false;
        }

        Tell("the faults stop");
        for (var i = 0; i < 3 && _wrongs.Count == 0; i++)
        {
            await RunAsync(0, isCalm: true, mustSettle: i >= 1, mustRest: i == 2);
            _world.Now += TimeSpan.FromHours(6);
        }
    }

    /// <summary>The organisation as it is before the first run, and what stands in the workspace already.</summary>
    private void Found()
    {
        for (var i = 0; i < _scenario.Repositories; i++)
            _world.Sources.Add(_people.Found(Scenario.Names[i]));
        if (_world.Sources.TrueForAll(s => s.Refs.Count == 0))
            _people.Work(_world.Sources[0]);
        new Neighbours(_world, _dice, _people).Settle(_scenario, Tell);
    }

    /// <summary>What happens between two runs.</summary>
    private void LiveOn()
    {
        _world.Now += TimeSpan.FromHours(_dice.Chance(10) ? _dice.Between(24 * 20, 24 * 100) : _dice.Between(1, 30));
        foreach (var source in _world.Sources.ToArray())
        {
            for (var i = _dice.Chance(30) ? 0 : _dice.Between(1, 4); i > 0; i--)
                _people.Work(source);
        }

        foreach (var mirror in _world.Mirrors.Where(m => m.MirrorOf is not null).ToArray())
        {
            if (_dice.Chance(_scenario.Meddling))
                Meddle(mirror);
            _scenario.Rule(mirror, _dice, Tell);
            if (_dice.Chance(60))
                mirror.CollectGarbage(_world.Universe);
        }

        new Neighbours(_world, _dice, _people).Move(_scenario, Tell);
        Judge.KeptValues.Hold(_world, _wrongs);
    }

    /// <summary>What people destroy themselves is not the mirror's to keep.</summary>
    private void Meddle(SimRepository mirror)
    {
        _people.Meddle(mirror);
        var left = _world.Universe.Reach(mirror.Refs.Values);
        mirror.Owed.RemoveAll(owed => !left.Contains(owed.Id));
    }

    private async Task RunAsync(int weather, bool isCalm, bool mustSettle = false, bool mustRest = false)
    {
        var dice = Dice.For(_seed, string.Create(CultureInfo.InvariantCulture, $"run {++_runs}"));
        var run = new SimRun(_runs, _world, isCalm ? _scenario.Settings : _scenario.SettingsOf(dice))
        {
            Weather = weather,
            Kill = !isCalm && dice.Chance(_scenario.Killing) ? new Kill(dice.Between(1, 14), dice.Next(4)) : null,
            SignalAt = !isCalm && dice.Chance(_scenario.Killing / 3) ? dice.Between(1, 12) : null,
        };
        if (!isCalm && dice.Chance(_scenario.Interfering))
            run.Events[dice.Between(2, 10)] = () => InterfereAsync(run);
        Tell(string.Create(CultureInfo.InvariantCulture, $"run {run.Number}: {run.Settings.Mode} at {_world.Now:yyyy-MM-dd HH:mm}"));
        var leavings = await ProgramRun.PlayAsync(run, _hosts, _seed, _folder);
        _trace.AddRange(run.Trace);
        run.Count("runs");
        foreach (var (what, number) in run.Tally)
            _tally[what] = _tally.GetValueOrDefault(what) + number;
        Tell($"run {run.Number} ends with {leavings.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "a kill"}");
        var wrongs = new RunJudge(run, leavings).Judge();
        if (mustSettle)
            wrongs = [.. wrongs, .. Rest.Judge(run, leavings, isLast: mustRest)];
        if (wrongs.Count > 0)
            _log = leavings.Log;
        _wrongs.AddRange(wrongs);
    }

    /// <summary>Somebody does something while a run is under way.</summary>
    private Task InterfereAsync(SimRun run)
    {
        lock (_world.Lock)
        {
            var isMirror = _dice.Chance(40) && _world.Mirrors.Exists(m => m.MirrorOf is not null);
            var repository = _dice.Pick(isMirror ? _world.Mirrors.FindAll(m => m.MirrorOf is not null) : _world.Sources);
            run.Pair(repository.Name).ChangedAt = run.Requests;
            run.Count("changes in the middle of a run");
            run.Tell($"meanwhile at {(isMirror ? "the mirror" : "the source")} {repository.Name}:");
            var before = _trace.Count;
            if (isMirror)
                Meddle(repository);
            else
                _people.Work(repository);
            foreach (var line in _trace.Skip(before).ToArray())
                run.Tell(line);
            _trace.RemoveRange(before, _trace.Count - before);
        }

        return Task.CompletedTask;
    }

    private void Tell(string text) => _trace.Add(text);
}
