using System.Text;
using System.Text.RegularExpressions;
using MirrorAction.Inputs;

namespace MirrorAction.Setup;

/// <summary>A repository at a host, as the checkout's remote names it.</summary>
/// <param name="Host">The host, without a port.</param>
/// <param name="Owner">The organisation or user.</param>
/// <param name="Name">The repository.</param>
internal sealed record RemoteRepository(string Host, string Owner, string Name)
{
    /// <summary>What <c>gh --repo</c> takes: the host only where it is not GitHub's own.</summary>
    public string ForGitHubCli => Host == "github.com" ? $"{Owner}/{Name}" : $"{Host}/{Owner}/{Name}";
}

/// <summary>A checkout that someone stands in. Its configuration is read as a file (gitconfig), for there need not be a git program.</summary>
/// <param name="Root">The folder with the files, absolute.</param>
/// <param name="Remote">Where it comes from, the remote <c>origin</c> before others; null when that can't be told.</param>
internal sealed partial record GitCheckout(string Root, RemoteRepository? Remote)
{
    /// <summary>No configuration of a repository is as long.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <summary>The checkout that a folder is in; null when it is in none.</summary>
    public static GitCheckout? Find(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            var git = Path.Combine(at.FullName, ".git");
            if (Directory.Exists(git) || File.Exists(git))
            {
                return new(at.FullName, ReadConfig(git) is { } config ? RemoteOf(config) : null);
            }
        }

        return null;
    }

    /// <summary>The repository that a URL names; null for one of another form. What else is in it, a token perhaps, is not kept.</summary>
    public static RemoteRepository? Parse(string url)
    {
        var match = UrlForm().Match(url) is { Success: true } found ? found : ScpForm().Match(url);
        return match.Success ? new(match.Groups["host"].Value.ToLowerInvariant(), match.Groups["owner"].Value, match.Groups["name"].Value) : null;
    }

    /// <summary>The text of the configuration; for a worktree that of its main repository. Null when it can't be read.</summary>
    private static string? ReadConfig(string git)
    {
        try
        {
            if (File.Exists(git))
            {
                // gitdir: /srv/mirror/.git/worktrees/feature
                var link = Encoding.UTF8.GetString(OrdinaryFile.ReadBytes(git, MaxBytes)).Trim();
                git = Path.GetFullPath(link.Replace("gitdir:", "", StringComparison.Ordinal).Trim(), Path.GetDirectoryName(git)!);
                var common = Path.Combine(git, "commondir");
                git = File.Exists(common) ? Path.GetFullPath(File.ReadAllText(common).Trim(), git) : git;
            }

            return Encoding.UTF8.GetString(OrdinaryFile.ReadBytes(Path.Combine(git, "config"), MaxBytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static RemoteRepository? RemoteOf(string config)
    {
        var remotes = new Dictionary<string, RemoteRepository>(StringComparer.Ordinal);
        var section = "";
        foreach (var line in config.Split('\n').Select(line => line.Trim()))
        {
            if (Section().Match(line) is { Success: true } begins)
            {
                section = begins.Groups["remote"].Value; // Empty in any other section.
            }
            else if (section.Length > 0 && UrlLine().Match(line) is { Success: true } url && Parse(url.Groups["url"].Value.Trim('"')) is { } remote)
            {
                remotes.TryAdd(section, remote);
            }
        }

        return remotes.TryGetValue("origin", out var origin) ? origin : remotes.Values.FirstOrDefault();
    }

    [GeneratedRegex(
        @"^\[\s*(remote\s+""(?<remote>[^""]+)""|[^\]]*)\s*\]",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase
    )]
    private static partial Regex Section();

    [GeneratedRegex(@"^url\s*=\s*(?<url>\S+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex UrlLine();

    [GeneratedRegex(
        @"^(https?|ssh|git)://([^/@]*@)?(?<host>[A-Za-z0-9.-]+)(:[0-9]+)?/(?<owner>[A-Za-z0-9_.-]+)/(?<name>[A-Za-z0-9_.-]+?)(\.git)?/?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex UrlForm();

    [GeneratedRegex(
        @"^([^/@:]+@)?(?<host>[A-Za-z0-9.-]+):(?<owner>[A-Za-z0-9_.-]+)/(?<name>[A-Za-z0-9_.-]+?)(\.git)?/?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex ScpForm();
}
