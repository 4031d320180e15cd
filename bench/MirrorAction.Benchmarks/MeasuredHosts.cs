using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks;

/// <summary>Both sandbox hosts with an organisation to measure on.</summary>
internal sealed class MeasuredHosts : IAsyncDisposable
{
    private readonly TempFolder _folder = new("bench-");

    private MeasuredHosts(SandboxGitHub gitHub, SandboxBitbucket bitbucket) => (GitHub, Bitbucket) = (gitHub, bitbucket);

    internal SandboxGitHub GitHub { get; }

    internal SandboxBitbucket Bitbucket { get; }

    internal static async Task<MeasuredHosts> StartAsync()
    {
        var gitHub = await SandboxGitHub.StartAsync();
        gitHub.AddAccount("acme");
        return new MeasuredHosts(gitHub, await SandboxBitbucket.StartAsync());
    }

    /// <summary>A folder for a run to work in.</summary>
    internal string CreateFolder(string name) => _folder.CreateFolder(name);

    /// <summary>Fills the organisation with equal small repositories.</summary>
    internal void AddRepositories(int count)
    {
        var first = GitHub.AddRepository("acme", "lib-0");
        first.Git.Commit("README.md", "1\n");
        for (var i = 1; i < count; i++)
        {
            FolderCopy.Copy(first.Git.Path, GitHub.AddRepository("acme", $"lib-{i}").Git.Path);
        }
    }

    /// <summary>What an earlier run would have left at the destination.</summary>
    internal void AddMirrors()
    {
        foreach (var repository in GitHub.Repositories)
        {
            var mirror = Bitbucket.AddRepository("acme-mirror", repository.Name);
            mirror.Description = $"Mirror of github.com/{repository.FullName} (id {repository.Id})";
            FolderCopy.Copy(repository.Git.Path, mirror.Git.Path);
        }
    }

    /// <summary>Adds a commit to every so many-th repository.</summary>
    internal void Change(int every)
    {
        foreach (var repository in GitHub.Repositories.Where((_, i) => i % every == 0))
        {
            repository.Git.Commit("CHANGES.md", $"{DateTime.UtcNow:O}\n");
        }
    }

    /// <summary>Every answer of both hosts comes so much later from now on, as over a long line.</summary>
    internal void Delay(TimeSpan latency)
    {
        GitHub.Intercept = Bitbucket.Intercept = async (context, next) =>
        {
            await Task.Delay(latency, context.RequestAborted);
            await next();
        };
    }

    public async ValueTask DisposeAsync()
    {
        await GitHub.DisposeAsync();
        await Bitbucket.DisposeAsync();
        _folder.Dispose();
    }
}
