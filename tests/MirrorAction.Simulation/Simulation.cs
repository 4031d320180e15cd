using System.Globalization;
using MirrorAction.Simulation.Evaluate;
using MirrorAction.Simulation.Hosts;
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
/// Plays a seed: an organisation with some history, runs of the program over days and weeks, people who work meanwhile, and a network that fails,
/// until
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
    private readonly Sabotage _sabotage;
    private string _log = "";
    private int _runs;

    private Simulation(long seed, Sabotage sabotage)
    {
        _seed = seed;
        _sabotage = sabotage;
        _scenario = Scenario.Of(seed);
        _dice = Dice.For(seed, "world");
        _hosts = new SimHosts(_world, _scenario.PageSize, _scenario.Packet)
        {
            Sabotage = sabotage,
            Bitbucket = new BitbucketRest(_world, _scenario.PageSize)
            {
                CreatesPublic = _scenario.CreatesPublic,
                RefusesPrivate = _scenario.RefusesPrivate,
                ShowsAll = sabotage == Sabotage.ShowsAll,
            },
        };
        _people = new People(_world, _dice) { AllowsDamage = _scenario.AllowsDamage, Tell = text => _trace.Add($"  {text}") };
        _folder = Path.Combine(
            Scratch,
            string.Create(CultureInfo.InvariantCulture, $"mirror-simulation-{Environment.ProcessId}-{seed}-{Guid.NewGuid():N}")
        );
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
            if (Directory.Exists(simulation._folder + "-second"))
                Directory.Delete(simulation._folder + "-second", recursive: true);
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
        Evaluate.KeptValues.Hold(_world, _wrongs);
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
            run.Events[dice.Between(2, 10)] = () => Interfere(run);
        var second = !isCalm && dice.Chance(_scenario.Doubling) ? SecondDuring(run, dice) : null;
        Tell(string.Create(CultureInfo.InvariantCulture, $"run {run.Number}: {run.Settings.Mode} at {_world.Now:yyyy-MM-dd HH:mm}"));
        var leavings = await ProgramRun.PlayAsync(run, _hosts, _seed, _folder);
        if (second is not null)
            await second.EndAsync();
        End(run, leavings, isCalm, mustSettle, mustRest);
        if (second?.Leavings is { } others)
            End(second.Run, others, isCalm: false, mustSettle: false, mustRest: false);
    }

    /// <summary>
    /// Another run begins before some request of the first, stops for a while before some of its own, and ends with the first or before it.
    /// </summary>
    private SecondRun SecondDuring(SimRun first, Dice dice)
    {
        var run = new SimRun(++_runs, _world, _scenario.SettingsOf(dice))
        {
            Weather = _scenario.Weather,
            WaitsAt = dice.Between(1, 14),
            IsDoubled = true,
        };
        first.IsDoubled = true;
        var second = new SecondRun(run, () => ProgramRun.PlayAsync(run, _hosts, _seed, _folder + "-second"));
        var begins = dice.Between(1, 8);
        first.Events[begins] = () =>
        {
            first.Tell($"run {run.Number} begins");
            second.Begin();
        };
        first.Events[begins + dice.Between(1, 8)] = () =>
        {
            first.Tell($"run {run.Number} goes on");
            second.End();
        };
        return second;
    }

    private void End(SimRun run, Leavings leavings, bool isCalm, bool mustSettle, bool mustRest)
    {
        _trace.AddRange(run.Trace);
        run.Count("runs");
        foreach (var (what, number) in run.Tally)
            _tally[what] = _tally.GetValueOrDefault(what) + number;
        Tell($"run {run.Number} ends with {leavings.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "a kill"}");
        leavings = Spoil(leavings);
        var wrongs = new RunJudge(run, leavings).Evaluate();
        if (_sabotage == Sabotage.NeverRests && isCalm && _world.Mirrors.Find(m => m.MirrorOf is not null && m.Mirrored().Count > 0) is { } restless)
            restless.Refs.Remove(restless.Mirrored().Keys.First());
        if (mustSettle)
            wrongs = [.. wrongs, .. Rest.Evaluate(run, leavings, isLast: mustRest)];
        if (wrongs.Count > 0)
            _log = leavings.Log;
        _wrongs.AddRange(wrongs);
    }

    private Leavings Spoil(Leavings leavings) =>
        _sabotage switch
        {
            Sabotage.ExitsWithZero => leavings with { ExitCode = 0 },
            Sabotage.Talks => leavings with
            {
                Texts = new Dictionary<string, string>(leavings.Texts, StringComparer.Ordinal)
                {
                    ["page"] = $"<b>{_scenario.Settings.BitbucketToken[5..20]}",
                },
            },
            _ => leavings,
        };

    /// <summary>Somebody does something while a run is under way.</summary>
    private void Interfere(SimRun run)
    {
        lock (_world.Lock)
        {
            var isMirror = _dice.Chance(40) && _world.Mirrors.Exists(m => m.MirrorOf is not null);
            var repository = _dice.Pick(isMirror ? _world.Mirrors.FindAll(m => m.MirrorOf is not null) : _world.Sources);
            run.Pair(repository.Name).IsChanged = true;
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
    }

    private void Tell(string text) => _trace.Add(text);
}
