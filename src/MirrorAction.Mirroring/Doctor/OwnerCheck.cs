using System.Globalization;
using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Doctor;

/// <summary>Lists the repositories of one owner, and tells what the credentials see of it.</summary>
internal sealed class OwnerCheck(IRepositorySource source, string owner)
{
    private const string Check = "GitHub owner";
    private const string Token = "Pass a token with Contents: read and Metadata: read on all repositories of the owner as github-token.";

    private readonly List<HostedRepository> _repositories = [];

    /// <summary>The listing is complete.</summary>
    internal bool IsListed { get; private set; }

    /// <summary>What was listed.</summary>
    internal IReadOnlyList<HostedRepository> Repositories => _repositories;

    internal async Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var repository in source.ListAsync(owner, cancellationToken).ConfigureAwait(false))
            {
                _repositories.Add(repository);
            }
        }
        catch (HostException e)
        {
            return new Finding(FindingLevel.Problem, Check, e.Message, e.Failure.Hint);
        }

        IsListed = true;
        if (_repositories.Count == 0)
        {
            return new Finding(FindingLevel.Problem, Check, $"The credentials reach no repository of {owner} at all.", $"Check the owner's name. {Token}");
        }

        var hidden = _repositories.Count(r => r.IsPrivate);
        return hidden == 0
            ? new Finding(FindingLevel.Warning, Check, $"{owner}: {NameList.Repositories(_repositories.Count)} can be seen, not one of them private.", $"If there are private ones: {Lower(Token)}")
            : new Finding(FindingLevel.Ok, Check, string.Create(CultureInfo.InvariantCulture, $"{owner}: {NameList.Repositories(_repositories.Count)} can be seen, {hidden} of them private."));
    }

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
