using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Doctor;

/// <summary>
/// Asks both git servers what REST can't tell: whether the credentials read and write there. One request a repository; only listings of refs.
/// </summary>
internal sealed class GitProbe(RunContext context)
{
    private string Write => $"{context.Destination.Host.Name} write";

    private readonly TransferCounter _counter = new();

    /// <summary>Requests sent so far.</summary>
    internal long Requests => _counter.Requests;

    /// <summary>Lists the refs of a private and a public repository.</summary>
    internal async Task<IReadOnlyList<Diagnostic>> ReadAsync(RepositorySelection selection, CancellationToken cancellationToken)
    {
        List<Diagnostic> findings = [];
        foreach (var isPrivate in new[] { true, false })
        {
            // One that holds something says more; sizes are hints only, so the rest stay candidates.
            var candidates = selection.Taken.Where(r => r.IsPrivate == isPrivate && !r.IsDisabled);
            if (candidates.MaxBy(r => r.SizeBytes > 0) is { } repository)
            {
                findings.Add(await ReadAsync(repository, cancellationToken));
            }
        }

        return findings;
    }

    /// <summary>Opens a push to an existing mirror, and sends none.</summary>
    internal async Task<IReadOnlyList<Diagnostic>> WriteAsync(IReadOnlyList<Repository> mirrors, CancellationToken cancellationToken)
    {
        if (mirrors.Count == 0)
        {
            return
            [
                new Diagnostic(
                    DiagnosticLevel.NotChecked,
                    Write,
                    "Not tried: there is no mirror yet, and doctor writes nothing. The first run shows it."
                ),
            ];
        }

        try
        {
            var endpoint = new GitEndpoint(mirrors[0].GitUrl, new HostCredentials(context.Destination.GitCredentials, isSource: false));
            await new ReceivePackClient(context.Git, endpoint, _counter).DiscoverAsync(cancellationToken);
            return [new Diagnostic(DiagnosticLevel.Ok, Write, $"git opens a push to {mirrors[0].FullName}.")];
        }
        catch (Exception e) when (e is GitException or MirrorException)
        {
            return [Refused(Write, $"git opens no push to {mirrors[0].FullName}", e, context.Destination.Explain)];
        }
    }

    private async Task<Diagnostic> ReadAsync(Repository repository, CancellationToken cancellationToken)
    {
        var check = $"{context.Source.Host.Name} contents";
        var kind = repository.IsPrivate ? "private" : "public";
        try
        {
            var client = new UploadPackClient(
                context.Git,
                new GitEndpoint(repository.GitUrl, new HostCredentials(context.Source.GitCredentialsFor(repository), isSource: true)),
                _counter
            );
            await client.ListRefsAsync([$"refs/heads/{repository.DefaultBranch}"], cancellationToken);
            return new Diagnostic(DiagnosticLevel.Ok, check, $"git reads {repository.FullName}, which is {kind}.");
        }
        catch (Exception e) when (e is GitException or MirrorException)
        {
            return Refused(check, $"git does not read {repository.FullName}, which is {kind}", e, context.Source.Explain);
        }
    }

    private static Diagnostic Refused(string check, string what, Exception exception, Func<int?, string, HostFailure?> explain)
    {
        var hint = exception switch
        {
            GitRemoteException remote => explain((int?)remote.Status, remote.RemoteMessage)?.Hint,
            MirrorException mirror => mirror.Error.Hint,
            _ => null,
        };
        return new Diagnostic(
            DiagnosticLevel.Problem,
            check,
            $"{what}: {exception.Message}",
            hint ?? "Check the network and the git addresses of both hosts, and run doctor again."
        );
    }
}
