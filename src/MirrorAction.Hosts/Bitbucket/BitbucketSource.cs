using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>A workspace of Bitbucket Cloud as the source: of a restore, or of a backup of the mirrors. Only reads. Thread-safe.</summary>
/// <param name="bitbucket">Asks Bitbucket; stays its maker's.</param>
public sealed class BitbucketSource(BitbucketDestination bitbucket) : IRepositorySource
{
    /// <inheritdoc/>
    public HostDefinition Host => bitbucket.Host;

    /// <inheritdoc/>
    public long Requests => bitbucket.Requests;

    /// <inheritdoc/>
    /// <remarks>The only owner is the client's workspace. In the order of the slugs.</remarks>
    /// <exception cref="ArgumentException">Another owner.</exception>
    public async Task<HostListing<HostedRepository>> ListAsync(string owner, CancellationToken cancellationToken)
    {
        if (!owner.Equals(bitbucket.Workspace, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"The client is for the workspace {bitbucket.Workspace}.", nameof(owner));
        }

        var listed = await bitbucket.ListAsync(cancellationToken);
        return new([.. listed.Repositories.OrderBy(repository => repository.Slug, StringComparer.Ordinal).Select(Convert)], listed.Unusable);
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(HostedRepository repository, CancellationToken cancellationToken) =>
        await bitbucket.FindAsync(repository.Name, cancellationToken) is { } found
        && string.Equals(found.Slug, repository.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public ICredentialProvider GitCredentialsFor(HostedRepository repository) => bitbucket.GitCredentials;

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => bitbucket.Explain(status, text);

    private HostedRepository Convert(DestinationRepository repository) =>
        new()
        {
            Id = IdOf(repository),
            Owner = bitbucket.Workspace,
            Name = repository.Slug,
            Description = TextSanitizer.Clean(repository.Description),
            IsPrivate = repository.IsPrivate ?? true,
            DefaultBranch = repository.MainBranch,
            SizeKiB = (repository.SizeBytes ?? 0) / 1024,
            GitUrl = repository.GitUrl,
            WebUrl = repository.WebUrl,
        };

    /// <summary>
    /// Bitbucket counts its repositories by UUID. The number is the first 63 bits of the SHA-256 of the UUID in lower case: the same for ever, and
    /// among a million repositories two alike are less likely than one in ten million. One without a UUID goes by its name.
    /// </summary>
    private static long IdOf(DestinationRepository repository)
    {
        var name = repository.Uuid?.Trim('{', '}') is { Length: > 0 } uuid ? uuid : repository.FullName;
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name.ToLowerInvariant()))) >> 1);
    }
}
