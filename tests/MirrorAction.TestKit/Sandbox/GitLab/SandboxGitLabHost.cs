namespace MirrorAction.TestKit;

/// <summary>A GitLab for tests that hold for every pair of hosts; the owner is a group that protects default branches, as GitLab does.</summary>
internal sealed class SandboxGitLabHost : SandboxHost
{
    private readonly SandboxGitLab _host;

    public SandboxGitLabHost(SandboxGitLab host, string owner)
        : base("gitlab", owner)
    {
        _host = host;
        host.AddGroup(owner);
    }

    public override Uri Url => _host.Url;

    protected override string Folder => _host.Folder;

    public override string Token => _host.Token;

    public override IReadOnlyList<SandboxCopy> Repositories =>
        [
            .. _host
                .Projects.Where(project => project.Namespace.Path == Owner)
                .Select(project => new SandboxCopy(project.Path, project.Git, project.Description, project.Visibility != "public")),
        ];

    public override IReadOnlyList<RecordedRequest> Requests => _host.Requests;

    public override Interception? Intercept
    {
        get => _host.Intercept;
        set => _host.Intercept = value;
    }

    public override GitRepository Add(string name) => _host.AddProject(Owner, name).Git;

    public override void Rename(string name, string to) => _host.Rename(_host.Find($"{Owner}/{name}")!, to);

    public override void ClearRequests() => _host.ClearRequests();

    public override ValueTask DisposeAsync() => _host.DisposeAsync();
}
