using System.Globalization;
using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation;

/// <summary>What kind of world a seed has. Immutable.</summary>
internal sealed record Scenario
{
    /// <summary>Names of repositories.</summary>
    public static readonly string[] Names = ["alpha", "Beta", "gamma.tools", "delta-4"];

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public required Settings Settings { get; init; }

    public int Repositories { get; init; }

    public int Runs { get; init; }

    /// <summary>Faults of a hundred requests.</summary>
    public int Weather { get; init; }

    /// <summary>Kills of a hundred runs.</summary>
    public int Killing { get; init; }

    /// <summary>Runs of a hundred in which somebody works at either side.</summary>
    public int Interfering { get; init; }

    /// <summary>Runs of a hundred during which another one takes place.</summary>
    public int Doubling { get; init; }

    /// <summary>Mirrors of a hundred that people work in between two runs.</summary>
    public int Meddling { get; init; }

    public bool AllowsDamage { get; init; }

    /// <summary>Mirrors of a hundred whose host begins to refuse something between two runs.</summary>
    public int Ruling { get; init; }

    /// <summary>Nothing is refused any more in the end.</summary>
    public bool LiftsRules { get; init; }

    public bool CreatesPublic { get; init; }

    public bool RefusesPrivate { get; init; }

    /// <summary>Sources are renamed, deleted, made anew and shown to others.</summary>
    public int Moving { get; init; }

    /// <summary>Repositories of others in the workspace, of a hundred sources.</summary>
    public int Neighbours { get; init; }

    public int PageSize { get; init; }

    public int Packet { get; init; }

    /// <summary>The world of a seed.</summary>
    public static Scenario Of(long seed)
    {
        var dice = Dice.For(seed, "scenario");
        string Token(string prefix) => prefix + string.Concat(Enumerable.Range(0, 36).Select(_ => Letters[dice.Next(Letters.Length)]));
        return new Scenario
        {
            Settings = new Settings
            {
                GitHubToken = Token("ghp_"),
                BitbucketToken = Token("ATCTT3x"),
                KeepDays = dice.Pick([90, 90, 30, 7, 0]),
                PruneLimit = dice.Pick(["100%", "100%", "50%"]),
                FollowsVisibility = dice.Chance(50),
                Concurrency = dice.Chance(85) ? 1 : 3,
                LogLevel = dice.Pick(["info", "debug"]),
            },
            Repositories = dice.Between(1, Names.Length),
            Runs = dice.Between(2, 5),
            Weather = dice.Pick([0, 0, 3, 8, 15]),
            Killing = dice.Pick([0, 15, 40]),
            Interfering = dice.Pick([0, 20, 50]),
            Doubling = dice.Pick([0, 10, 30]),
            Meddling = dice.Pick([0, 10, 30]),
            AllowsDamage = dice.Chance(30),
            Ruling = dice.Pick([0, 0, 15, 40]),
            LiftsRules = dice.Chance(60),
            CreatesPublic = dice.Chance(4),
            RefusesPrivate = dice.Chance(6),
            Moving = dice.Pick([0, 5, 20]),
            Neighbours = dice.Pick([0, 10, 40]),
            PageSize = dice.Pick([100, 2, 1]),
            Packet = dice.Pick([65515, 4000, 37]),
        };
    }

    /// <summary>The inputs of one run: most mirror, some only look.</summary>
    public Settings SettingsOf(Dice dice) =>
        Settings with
        {
            Mode = dice.Next(20) switch
            {
                0 => "plan",
                1 => "verify",
                _ => "mirror",
            },
            TimeoutMinutes = dice.Chance(Killing / 4) ? dice.Pick([3, 7]) : 330,
        };

    /// <summary>The host of a mirror may begin, or cease, to refuse something.</summary>
    public void Rule(SimRepository mirror, Dice dice, Action<string> tell)
    {
        if (!dice.Chance(Ruling))
            return;
        var rules = mirror.Rules;
        rules.Lift();
        rules.Words = (Refusing)dice.Next(4);
        switch (dice.Next(7))
        {
            case 0 or 1:
                foreach (var name in mirror.Refs.Keys.Where(n => SimRepository.IsMirrored(n) && dice.Chance(30)))
                    rules.Protected.Add(name);
                break;
            case 6:
                rules.IsFull = true;
                break;
            case 2:
                rules.RefusesKept = true;
                break;
            case 3:
                rules.ChecksObjects = true;
                break;
            case 4:
                rules.MaxRefs = dice.Between(2, 5);
                rules.Beyond = (Limiting)dice.Next(3);
                break;
            default:
                break;
        }

        tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  mirror {mirror.Name}: protects {string.Join(' ', rules.Protected)}, kept tags {(rules.RefusesKept ? "refused" : "taken")}, objects {(rules.ChecksObjects ? "checked" : "taken")}, limit {rules.MaxRefs} {rules.Beyond}, {(rules.IsFull ? "full, " : "")}{rules.Words}"
            )
        );
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Repositories} repositories, {Runs} runs, weather {Weather}, killing {Killing}, interfering {Interfering}, doubling {Doubling}, meddling {Meddling}, ruling {Ruling} ({(LiftsRules ? "lifted" : "for good")}), moving {Moving}, neighbours {Neighbours}, keep {Settings.KeepDays} days, prune limit {Settings.PruneLimit}, {(Settings.FollowsVisibility ? "visibility as the source's" : "private")}, concurrency {Settings.Concurrency}"
        );
}
