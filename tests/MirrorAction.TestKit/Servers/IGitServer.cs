namespace MirrorAction.TestKit;

/// <summary>A server of bare repositories over smart HTTP, whatever program answers.</summary>
public interface IGitServer : IAsyncDisposable
{
    /// <summary>Where the repositories lie: <c>acme/site</c> is <c>Folder/acme/site.git</c>.</summary>
    string Folder { get; }

    /// <summary>The URL of a repository, named without <c>.git</c>.</summary>
    Uri UrlOf(string repository);

    /// <summary>Every request in the order of arrival; empty where the server keeps no record of them.</summary>
    IReadOnlyList<RecordedRequest> Requests { get; }

    /// <summary>Creates an empty repository that can be fetched from and pushed to.</summary>
    GitRepository Create(string repository, string objectFormat = "sha1") =>
        GitRepository.Init(Path.Combine(Folder, repository + ".git"), bare: true, objectFormat);
}
