using System.Globalization;
using MirrorAction.Hosts;

namespace MirrorAction.Sandbox;

/// <summary>What the command line asks for.</summary>
/// <param name="Repositories">Small repositories to add to the sample organisation.</param>
/// <param name="Once">Only the first run.</param>
/// <param name="Keep">Leave the hosts running at the end.</param>
/// <param name="HostsOnly">Leave the hosts running without any run.</param>
internal sealed record SandboxOptions(int Repositories, bool Once, bool Keep, bool HostsOnly)
{
    /// <summary>Kind of the host whose repositories are mirrored.</summary>
    public string Source { get; init; } = "github";

    /// <summary>Kind of the host that holds the mirrors.</summary>
    public string Destination { get; init; } = "bitbucket";

    /// <summary>GitHub to Bitbucket Cloud, with all there is to see.</summary>
    public bool IsUsualPair => (Source, Destination) == ("github", "bitbucket");

    public const string Usage = """
        Runs mirror-action against a GitHub and a Bitbucket Cloud that live on this
        machine: no account, no network.

        Usage: samples/sandbox [OPTIONS]
           or: dotnet run --project samples/MirrorAction.Sandbox [-- OPTIONS]
          --repositories N   add N small repositories to the sample organisation
          --once             the first run only
          --keep             leave both hosts running until Ctrl-C, and show how to
                             use them
          --hosts-only       the same without any run: Bitbucket is empty
          --source KIND, --destination KIND
                             another pair: github, bitbucket, gitlab, gitea,
                             bitbucket-data-center
        """;

    /// <summary>Null when the command line is not understood, or asks for help.</summary>
    public static SandboxOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new SandboxOptions(0, Once: false, Keep: false, HostsOnly: false);
        for (; arguments.Length > 0; arguments = arguments[1..])
        {
            switch (arguments)
            {
                case ["--once", ..]:
                    options = options with { Once = true };
                    break;
                case ["--keep", ..]:
                    options = options with { Keep = true };
                    break;
                case ["--hosts-only", ..]:
                    options = options with { HostsOnly = true };
                    break;
                case ["--repositories", var number, ..] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count):
                    options = options with { Repositories = count };
                    arguments = arguments[1..];
                    break;
                case ["--source", var kind, ..] when IsKind(kind):
                    options = options with { Source = kind };
                    arguments = arguments[1..];
                    break;
                case ["--destination", var kind, ..] when IsKind(kind):
                    options = options with { Destination = kind };
                    arguments = arguments[1..];
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    private static bool IsKind(string text) => KnownHosts.All.Any(host => host.Kind == text);
}
