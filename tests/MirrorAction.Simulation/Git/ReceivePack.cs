using System.Text;
using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation.Git;

/// <summary>One command of a push.</summary>
internal sealed record PushCommand(string Ref, string? Old, string? New)
{
    /// <summary>Why it was refused; null when it was made.</summary>
    public string? Refusal { get; set; }

    public bool IsMade => Refusal is null;
}

/// <summary>What came of a push.</summary>
internal sealed record PushOutcome(IReadOnlyList<PushCommand> Commands, byte[] Answer);

/// <summary>
/// The writing side of a git server, as strict as git with <c>transfer.fsckObjects</c>: objects wait in quarantine until pack, connection and hooks
/// are in order;
/// every command is held against the value that it names.
/// </summary>
/// <param name="repository">Where to.</param>
/// <param name="universe">The objects.</param>
internal sealed class ReceivePack(SimRepository repository, Universe universe)
{
    private const string Zero = "0000000000000000000000000000000000000000";
    private const string Capabilities = "report-status delete-refs side-band-64k quiet object-format=sha1 agent=git/2.51.0";

    /// <summary>In bytes; what no host goes below.</summary>
    private const int LongestName = 255;

    private readonly StringBuilder _talk = new();

    /// <summary>Is told of each command that is made, right after it was.</summary>
    public Action<PushCommand> Made { get; init; } = _ => { };

    /// <summary>Refs that are said to be moved and are not: no host does that.</summary>
    public Func<string, bool> Forgets { get; init; } = _ => false;

    /// <summary><c>GET info/refs</c>.</summary>
    public byte[] Advertise()
    {
        using var answer = new MemoryStream();
        answer.Line("# service=git-receive-pack\n").Flush();
        var capabilities = $"\0 {Capabilities}{(repository.Rules.ChecksObjects ? " ofs-delta" : "")}";
        foreach (var (name, id) in repository.Refs)
        {
            answer.Line($"{id} {name}{capabilities}\n");
            capabilities = "";
        }

        if (repository.Refs.Count == 0)
            answer.Line($"{Zero} capabilities^{{}}{capabilities}\n");
        return answer.End().ToArray();
    }

    /// <summary>The commands of a request, and where its pack begins.</summary>
    public static (List<PushCommand> Commands, int PackAt) Read(ReadOnlySpan<byte> request)
    {
        var commands = new List<PushCommand>();
        var at = 0;
        while (Pkt.Next(request, ref at) is { } line)
        {
            var words = line.Split('\0')[0].Split(' ', 3);
            commands.Add(new PushCommand(words[2], words[0] == Zero ? null : words[0], words[1] == Zero ? null : words[1]));
        }

        return (commands, at);
    }

    /// <summary>Makes a push; null when the server closes the connection instead.</summary>
    /// <param name="run">The run that pushes.</param>
    /// <param name="request">The request, whole.</param>
    public PushOutcome? Push(int run, ReadOnlySpan<byte> request)
    {
        var (commands, packAt) = Read(request);
        if (commands.Count == 0)
            return new PushOutcome(commands, new MemoryStream().End().ToArray());
        if (repository.Rules is { MaxRefs: { } most, Beyond: Limiting.BreaksOff } && commands.Count > most)
            return null;

        var quarantine = new Dictionary<string, SimObject>(StringComparer.Ordinal);
        var unpack = commands.TrueForAll(c => c.New is null) ? "ok" : Unpack(request[packAt..], quarantine);
        if (unpack != "ok")
        {
            commands.ForEach(c => c.Refusal = "unpacker error");
            return new PushOutcome(commands, Report(unpack, commands));
        }

        HoldToConnection(commands, quarantine);
        if (!Declines(commands, quarantine))
        {
            foreach (var command in commands.Where(c => c.IsMade))
                command.Refusal = Refuse(command, quarantine);
        }

        // As receive-pack does: what is in quarantine moves in once the hooks have passed, and then ref by ref.
        foreach (var command in commands.Where(c => c.IsMade && !Forgets(c.Ref)))
            Make(run, command, quarantine);
        return new PushOutcome(commands, Report("ok", commands));
    }

    private string Unpack(ReadOnlySpan<byte> pack, Dictionary<string, SimObject> quarantine)
    {
        try
        {
            foreach (var id in PackFile.Read(pack, id => repository.Objects.GetValueOrDefault(id)))
                quarantine[id] = universe.Find(id) ?? throw new InvalidOperationException($"{id} was pushed, and nobody ever made it");
        }
        catch (BadPackException e)
        {
            Say($"fatal: {e.Message}\n");
            return "index-pack abnormal exit";
        }

        if (repository.Rules.ChecksObjects && quarantine.Values.FirstOrDefault(o => o.Complaint is not null) is { } unsound)
        {
            Say($"error: object {unsound.Id}: {unsound.Complaint}\nfatal: fsck error in packed object\n");
            return "index-pack abnormal exit";
        }

        return "ok";
    }

    /// <summary>What existing refs reach is taken to be there, as git takes it.</summary>
    private void HoldToConnection(List<PushCommand> commands, Dictionary<string, SimObject> quarantine)
    {
        var known = universe.Reach(repository.Refs.Values);
        foreach (var command in commands.Where(c => c.New is not null))
        {
            var isWhole =
                universe.Find(command.New!) is not null
                && universe.Reach([command.New!], beyond: known).All(id => repository.Objects.ContainsKey(id) || quarantine.ContainsKey(id));
            if (!isWhole)
                command.Refusal = "missing necessary objects";
        }
    }

    /// <summary>Hooks and rules that take a push or leave it.</summary>
    private bool Declines(List<PushCommand> commands, Dictionary<string, SimObject> quarantine)
    {
        var rules = repository.Rules;
        if (rules.IsFull && quarantine.Count > 0)
        {
            Say("Repository is over the size limit (4 GB) and will not accept further additions.\n");
            return DeclineAll(commands, "pre-receive hook declined");
        }

        if (rules.MaxRefs is { } most && commands.Count > most)
        {
            Say(
                rules.Beyond == Limiting.Names
                    ? $"error: GH013: Repository rule violations found.\n- Pushes can not update more than {most} branches or tags.\n"
                    : "error: the push was not accepted\n"
            );
            return DeclineAll(
                commands,
                rules.Beyond == Limiting.Names ? "push declined due to repository rule violations" : "pre-receive hook declined"
            );
        }

        if (rules.Words == Refusing.UpdateHook || commands.Find(c => rules.Refuses(c.Ref)) is not { } culprit)
            return false;
        var name = culprit.Ref["refs/".Length..].Split('/', 2)[1];
        Say(
            rules.Words switch
            {
                Refusing.Bitbucket => $"Permission denied to update branch {name}.\n",
                Refusing.GitLab => "GitLab: You are not allowed to force push code to a protected branch on this project.\n",
                _ => $"error: GH013: Repository rule violations found for {culprit.Ref}.\n- Cannot update this protected ref.\n",
            }
        );
        return DeclineAll(commands, rules.Words == Refusing.GitHub ? "push declined due to repository rule violations" : "pre-receive hook declined");
    }

    private static bool DeclineAll(List<PushCommand> commands, string words)
    {
        commands.ForEach(c => c.Refusal ??= words);
        return true;
    }

    /// <summary>What speaks against one command, before any is made.</summary>
    private string? Refuse(PushCommand command, Dictionary<string, SimObject> quarantine)
    {
        if (
            command.New is { } id
            && command.Ref.StartsWith("refs/heads/", StringComparison.Ordinal)
            && (quarantine.GetValueOrDefault(id) ?? universe[id]).Kind != ObjectKind.Commit
        )
            return "cannot update ref: not a commit";
        if (command.New is null && command.Ref == "refs/heads/" + repository.Head && command.Old is not null)
            return "deletion of the current branch prohibited";
        if (!repository.Rules.Refuses(command.Ref))
            return null;
        Say($"error: hook declined to update {command.Ref}\n");
        return "hook declined";
    }

    private void Make(int run, PushCommand command, Dictionary<string, SimObject> quarantine)
    {
        var old = repository.Refs.GetValueOrDefault(command.Ref);
        if (old != command.Old)
        {
            Say($"error: cannot lock ref '{command.Ref}': is at {old ?? Zero} but expected {command.Old ?? Zero}\n");
            command.Refusal = command.Old is null ? "reference already exists" : "failed to update ref";
            return;
        }

        if (command is { Old: null, New: not null } && (command.Ref.Length > LongestName || repository.Conflicts(command.Ref)))
        {
            Say($"error: cannot lock ref '{command.Ref}'\n");
            command.Refusal = "failed to update ref";
            return;
        }

        foreach (var (id, item) in quarantine)
            repository.Objects.TryAdd(id, item);
        repository.Move(run, command.Ref, command.New);
        if (command.New is not null && !repository.Refs.ContainsKey("refs/heads/" + repository.Head))
            repository.Head = ChooseHead() ?? repository.Head;
        Made(command);
    }

    /// <summary>The first push decides: <c>main</c>, else <c>master</c>, else the first by name.</summary>
    private string? ChooseHead()
    {
        var branches = repository
            .Refs.Keys.Where(n => n.StartsWith("refs/heads/", StringComparison.Ordinal))
            .Select(n => n["refs/heads/".Length..])
            .ToArray();
        return new[] { "main", "master" }.FirstOrDefault(branches.Contains) ?? branches.FirstOrDefault();
    }

    private void Say(string text) => _talk.Append(text);

    private byte[] Report(string unpack, List<PushCommand> commands)
    {
        using var report = new MemoryStream();
        report.Line($"unpack {unpack}\n");
        foreach (var command in commands)
            report.Line(command.Refusal is null ? $"ok {command.Ref}\n" : $"ng {command.Ref} {command.Refusal}\n");
        report.End();
        using var answer = new MemoryStream();
        return answer.Band(2, Pkt.Text.GetBytes(_talk.ToString())).Band(1, report.ToArray()).End().ToArray();
    }
}
