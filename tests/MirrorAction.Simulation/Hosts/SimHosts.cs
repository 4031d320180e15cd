using System.Text;
using System.Web;
using MirrorAction.Simulation.Git;
using MirrorAction.Simulation.Network;
using MirrorAction.Simulation.World;
using MirrorAction.TestKit;

namespace MirrorAction.Simulation.Hosts;

/// <summary>Both hosts, over REST and git. Each takes its own token and no other.</summary>
/// <param name="world">What they hold.</param>
/// <param name="pageSize">Repositories on a page of a listing.</param>
/// <param name="packet">Bytes in a packet of a pack.</param>
internal sealed class SimHosts(SimWorld world, int pageSize, int packet)
{
    private readonly GitHubRest _gitHub = new(world, pageSize);

    public BitbucketRest Bitbucket { get; init; } = new(world, pageSize);

    /// <summary>What the self-tests break; null for nothing.</summary>
    public Sabotage Sabotage { get; init; }

    /// <summary>Answers a request; null where the host closes the connection instead.</summary>
    public Answer? Serve(SimRun run, Call call, HttpRequestMessage request, byte[] body)
    {
        var token = call.IsSource ? run.Settings.GitHubToken : run.Settings.BitbucketToken;
        if (SecretOf(request) != token)
        {
            run.Wrongs.Add(new(8, $"{call} went out with the credential '{request.Headers.Authorization?.Scheme}' of somebody else"));
            return Answer.Text(401, "unauthorized");
        }

        var url = request.RequestUri!;
        var path = Uri.UnescapeDataString(url.AbsolutePath.Trim('/')).Split('/');
        var query = HttpUtility.ParseQueryString(url.Query);
        if (call.IsGit)
            return call.IsSource ? ServeSource(run, call, path[^1], body)
                : call.Kind is CallKind.Push or CallKind.Discover ? ServeMirror(run, call, body)
                : ReadMirror(run, call, body);
        var parameters = query.AllKeys.OfType<string>().ToDictionary(k => k, k => query[k] ?? "", StringComparer.Ordinal);
        return call.IsSource
            ? _gitHub.Serve(run, request.Method, path, parameters)
            : Bitbucket.Serve(run, request.Method, path[1..], parameters, body);
    }

    private static string? SecretOf(HttpRequestMessage request) =>
        request.Headers.Authorization switch
        {
            { Scheme: "Bearer", Parameter: { } token } => token,
            { Scheme: "Basic", Parameter: { } login } => Encoding.UTF8.GetString(Convert.FromBase64String(login)).Split(':', 2)[1],
            _ => null,
        };

    private Answer ServeSource(SimRun run, Call call, string service, byte[] body)
    {
        if (call.Kind is CallKind.Push or CallKind.Discover)
        {
            run.Wrongs.Add(new(3, $"asked the source {call.Repository} for git-receive-pack"));
            return Answer.Text(403, "Write access to repository not granted.\n");
        }

        if (world.Source(call.Repository) is not { } source)
        {
            var answer = world.Former(call.Repository) is { } moved ? Moved(moved, service) : Answer.Text(404, "Repository not found.\n");
            return answer;
        }

        if (call.Kind == CallKind.Ask)
            return Capabilities();

        if (call.Kind == CallKind.ListRefs)
        {
            run.Pair(call.Pair).Source = (source.Mirrored(), run.Requests);
            return Sabotage == Sabotage.AsksTwice && run.Pair(call.Pair).Count(CallKind.Ask) == 0
                ? Answer.Text(200, "what?")
                : Git("upload-pack", UploadPack.ListRefs(source, body));
        }

        return Git("upload-pack", UploadPack.Fetch(source, world.Universe, body, packet));
    }

    private static Answer Capabilities()
    {
        using var said = new MemoryStream();
        said.Line("# service=git-upload-pack\n")
            .End()
            .Line("version 2\n")
            .Line("agent=git/sim\n")
            .Line("ls-refs=unborn\n")
            .Line("fetch=shallow wait-for-done filter\n")
            .Line("object-format=sha1\n")
            .Flush();
        return new Answer(200, "application/x-git-upload-pack-advertisement", said.ToArray());
    }

    private static Answer Moved(SimRepository to, string service)
    {
        var answer = Answer.Text(301, "");
        var rest = service == "refs" ? "info/refs?service=git-upload-pack" : service;
        answer.Headers["Location"] = $"https://github.com/{SimWorld.Owner}/{to.Name}.git/{rest}";
        return answer;
    }

    /// <summary>Who compares reads a mirror as one reads a source.</summary>
    private Answer ReadMirror(SimRun run, Call call, byte[] body)
    {
        if (world.Mirror(call.Repository) is not { } mirror)
            return Answer.Text(404, BitbucketTexts.NoAccess);
        if (call.Kind == CallKind.Ask)
            return Capabilities();
        if (call.Kind != CallKind.ListRefs)
            return Git("upload-pack", UploadPack.Fetch(mirror, world.Universe, body, packet));
        run.Pair(call.Pair).Mirror = (mirror.Mirrored(), run.Requests);
        return Git("upload-pack", UploadPack.ListRefs(mirror, body));
    }

    private Answer? ServeMirror(SimRun run, Call call, byte[] body)
    {
        if (world.Mirror(call.Repository) is not { } mirror)
            return Answer.Text(404, BitbucketTexts.NoAccess);
        var pair = run.Pair(call.Pair);
        if (Sabotage == Sabotage.WritesElsewhere && call.Kind == CallKind.Push && world.Mirrors.Find(m => m.MirrorOf is null) is { } other)
            mirror = other;
        var server = new ReceivePack(mirror, world.Universe)
        {
            Forgets = Sabotage switch
            {
                Sabotage.KeepsNothing => name => name.StartsWith(SimRepository.Kept, StringComparison.Ordinal),
                Sabotage.ForgetsOne => name => name == "refs/heads/develop",
                _ => _ => false,
            },
            Made = command =>
            {
                run.Moved(mirror, command.Ref, command.Old, command.New);
                pair.PushedAt = run.Requests;
            },
        };
        if (call.Kind == CallKind.Discover)
        {
            pair.Mirror = (mirror.Mirrored(), run.Requests);
            pair.MirrorAtFirst ??= mirror.Refs.ToDictionary(StringComparer.Ordinal);
            var shown =
                Sabotage == Sabotage.SaysEqual && world.Source(call.Repository) is { } source ? new ReceivePack(source, world.Universe) : server;
            return new Answer(200, "application/x-git-receive-pack-advertisement", shown.Advertise());
        }

        var (commands, _) = ReceivePack.Read(body);
        if (commands.Count > 0)
            run.WritesTo(mirror, "refs");
        pair.Commands += commands.Count;
        if (server.Push(run.Number, body) is not { } outcome)
        {
            pair.HungUp++;
            return Answer.None;
        }

        pair.RefusedRefs.UnionWith(outcome.Commands.Where(c => !c.IsMade).Select(c => c.Ref));
        run.Tell(
            $"pushed {string.Join(", ", outcome.Commands.Select(c => $"{c.Ref} {c.Old?[..7] ?? "-"}..{c.New?[..7] ?? "-"} {c.Refusal ?? "ok"}"))}"
        );
        run.Count("refs moved", outcome.Commands.Count(c => c.IsMade));
        run.Count("refs refused", outcome.Commands.Count(c => !c.IsMade));
        HoldToPrivacy(run, mirror, outcome);
        return Git("receive-pack", outcome.Answer);
    }

    private void HoldToPrivacy(SimRun run, SimRepository mirror, PushOutcome outcome)
    {
        var brings = outcome.Commands.Any(c => c is { IsMade: true, New: not null });
        var source = world.Sources.Concat(world.Gone).FirstOrDefault(s => s.Id == mirror.MirrorOf);
        if (
            brings
            && source is not null
            && !mirror.IsPrivate
            && run.ToldPrivate.GetValueOrDefault(source)
            && !run.ToldPrivate.GetValueOrDefault(mirror, true)
        )
            run.Wrongs.Add(new(2, $"objects of {source.Name}, which is private, are in {mirror.Name}, which is public"));
    }

    private static Answer Git(string service, byte[] body) => new(200, $"application/x-git-{service}-result", body);
}
