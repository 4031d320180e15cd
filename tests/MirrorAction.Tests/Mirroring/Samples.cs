using System.Globalization;
using MirrorAction.Hosts;

namespace MirrorAction.Tests.Mirroring;

/// <summary>Repositories of both sides.</summary>
internal static class Samples
{
    internal static Repository Repository(string name, long id = 1, string owner = "acme", string web = "https://github.com") =>
        new()
        {
            Id = id.ToString(CultureInfo.InvariantCulture),
            Owner = owner,
            Name = name,
            Visibility = Visibility.Public,
            GitUrl = new Uri($"https://github.com/{owner}/repository.git"),
            HostName = new Uri(web).Authority,
            WebUrl = new Uri($"{web}/{owner}/repository"),
        };

    internal static Repository Mirror(string slug, string description = "") =>
        new()
        {
            Name = slug,
            Owner = "acme-mirror",
            Description = description,
            Visibility = Visibility.Private,
            GitUrl = new Uri($"https://bitbucket.org/acme-mirror/{slug}.git"),
            HostName = "bitbucket.org",
            WebUrl = new Uri($"https://bitbucket.org/acme-mirror/{slug}"),
        };
}
