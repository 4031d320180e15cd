using System.Globalization;
using MirrorAction.Hosts;

namespace MirrorAction.Tests.Mirroring;

/// <summary>Repositories of both sides.</summary>
internal static class Samples
{
    internal static HostedRepository Repository(string name, long id = 1, string owner = "acme", string web = "https://github.com") =>
        new()
        {
            Id = id.ToString(CultureInfo.InvariantCulture),
            Owner = owner,
            Name = name,
            IsPrivate = false,
            GitUrl = new Uri($"https://github.com/{owner}/repository.git"),
            HostName = new Uri(web).Authority,
            WebUrl = new Uri($"{web}/{owner}/repository"),
        };

    internal static DestinationRepository Mirror(string slug, string description = "") =>
        new()
        {
            Slug = slug,
            FullName = $"acme-mirror/{slug}",
            Description = description,
            IsPrivate = true,
            GitUrl = new Uri($"https://bitbucket.org/acme-mirror/{slug}.git"),
            WebUrl = new Uri($"https://bitbucket.org/acme-mirror/{slug}"),
        };
}
