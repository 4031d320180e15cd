using System.CommandLine;
using LibGit2Sharp;

namespace MirrorAction.Benchmarks.Compare.Peers;

/// <summary>
/// A mirror by LibGit2Sharp, as a .NET program would write it: a bare clone of branches and tags into an empty folder, and a push of what differs. A tool
/// of <c>bench/compare</c>, started as a process of its own and told by its variables what to do.
/// </summary>
internal static class LibGit2Peer
{
    private const string Name = "libgit2";

    /// <summary>How <c>bench/compare</c> starts it.</summary>
    internal static string Invocation => $"exec dotnet '{typeof(LibGit2Peer).Assembly.Location}' {Name}";

    internal static Command Command()
    {
        var command = new Command(Name, "Mirrors by LibGit2Sharp what COMPARE_* variables name") { Hidden = true };
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        var failed = 0;
        foreach (var line in File.ReadLines(Environment.GetEnvironmentVariable("COMPARE_REPOSITORIES")!))
        {
            var words = line.Split(' ');
            try
            {
                Mirror(Path.Combine(Environment.GetEnvironmentVariable("COMPARE_FOLDER")!, words[0] + ".git"), new Uri(words[1]), new Uri(words[2]));
            }
            catch (LibGit2SharpException e)
            {
                Console.Error.WriteLine($"{words[0]}: {e.Message}");
                failed = 1;
            }
        }

        return failed;
    }

    private static void Mirror(string folder, Uri source, Uri destination)
    {
        using var repository = new Repository(Repository.Init(folder, isBare: true));
        repository.Network.Fetch(
            WithoutLogin(source),
            ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"],
            new FetchOptions { CredentialsProvider = Login(source) }
        );
        var there = repository
            .Network.ListReferences(WithoutLogin(destination), Login(destination))
            .Where(IsMirrored)
            .ToDictionary(r => r.CanonicalName, r => r.TargetIdentifier);
        var here = repository.Refs.Where(IsMirrored).ToDictionary(r => r.CanonicalName, r => r.TargetIdentifier);
        string[] changes =
        [
            .. here.Where(r => there.GetValueOrDefault(r.Key) != r.Value).Select(r => $"+{r.Key}:{r.Key}"),
            .. there.Keys.Except(here.Keys).Select(name => $":{name}"),
        ];
        if (changes.Length > 0)
        {
            var refused = new List<string>();
            repository.Network.Push(
                repository.Network.Remotes.Add("mirror", WithoutLogin(destination)),
                changes,
                new PushOptions { CredentialsProvider = Login(destination), OnPushStatusError = error => refused.Add(error.Message) }
            );
            if (refused.Count > 0)
            {
                throw new LibGit2SharpException(string.Join("; ", refused));
            }
        }
    }

    private static bool IsMirrored(Reference reference) =>
        reference.CanonicalName.StartsWith("refs/heads/", StringComparison.Ordinal)
        || (
            reference.CanonicalName.StartsWith("refs/tags/", StringComparison.Ordinal)
            && !reference.CanonicalName.EndsWith("^{}", StringComparison.Ordinal)
        );

    private static string WithoutLogin(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static LibGit2Sharp.Handlers.CredentialsHandler Login(Uri url)
    {
        var login = url.UserInfo.Split(':');
        return (_, _, _) => new UsernamePasswordCredentials { Username = login[0], Password = login[1] };
    }
}
