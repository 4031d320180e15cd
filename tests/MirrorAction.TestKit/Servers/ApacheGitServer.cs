using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>
/// apache2 in front of <c>git http-backend</c>, as many real servers are built: its own buffering, compression, <c>Expect</c> and Basic
/// authentication.
/// </summary>
public sealed class ApacheGitServer : IGitServer
{
    private const string Modules = "/usr/lib/apache2/modules";

    private static readonly string? s_apache = Programs.Find("apache2");

    private readonly TempFolder _temp = new("mirror-apache-");
    private ServerProgram _program = null!;
    private int _port;

    private ApacheGitServer() => Folder = _temp.CreateFolder("repositories");

    /// <summary>Why it cannot be used here; null when it can.</summary>
    public static string? SkipReason { get; } =
        s_apache is null ? "apache2 is not installed."
        : File.Exists($"{Modules}/mod_cgi.so") ? null
        : $"apache2 has no mod_cgi in {Modules}.";

    /// <inheritdoc/>
    public string Folder { get; }

    /// <summary>Empty: apache keeps no record that could be read in time.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [];

    /// <summary>Starts serving a temporary folder.</summary>
    /// <param name="login">Who may fetch and push; null for everyone.</param>
    public static async Task<ApacheGitServer> StartAsync(BasicLogin? login = null)
    {
        var server = new ApacheGitServer();
        server.OpenToEveryone();
        if (login is not null)
            await File.WriteAllTextAsync(server._temp["users"], $"{login.User}:{{SHA}}{Convert.ToBase64String(Sha1(login.Password))}\n");
        (server._program, server._port) = await ServerProgram.StartAsync(port =>
        {
            File.WriteAllText(server._temp["httpd.conf"], server.Configuration(port, login is not null));
            var start = new ProcessStartInfo(s_apache!, ["-DFOREGROUND", "-f", server._temp["httpd.conf"]]);
            RealGit.SetEnvironment(start.Environment);
            return start;
        });
        return server;
    }

    /// <inheritdoc/>
    public Uri UrlOf(string repository) => new($"http://127.0.0.1:{_port}/{repository}.git");

    /// <summary>Creates an empty repository that can be fetched from and pushed to.</summary>
    public GitRepository Create(string repository, string objectFormat = "sha1")
    {
        var path = Path.Combine(Folder, repository + ".git");
        // Started by root, apache works as another user: both write here.
        var created = GitRepository.Init(path, bare: true, objectFormat, shared: true);
        return created.Configure("http.receivepack", "true").Configure("uploadpack.allowFilter", "true");
    }

    public ValueTask DisposeAsync()
    {
        _program.Dispose();
        _temp.Dispose();
        return ValueTask.CompletedTask;
    }

#pragma warning disable CA5350 // The only hash that every apache can check without another module; it protects nothing here.
    private static byte[] Sha1(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    private void OpenToEveryone()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(_temp.Path, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_111_111);
    }

    // Several processes, for a connection that is kept alive occupies one of them; all are children of the one in the foreground and end with it.
    private string Configuration(int port, bool withLogin) =>
        $"""
            ServerRoot {_temp.Path}
            ServerName 127.0.0.1
            Listen 127.0.0.1:{port}
            User nobody
            Group nogroup
            PidFile {_temp["httpd.pid"]}
            ErrorLog {_temp["error.log"]}
            DocumentRoot {Folder}
            LoadModule mpm_prefork_module {Modules}/mod_mpm_prefork.so
            LoadModule authn_core_module {Modules}/mod_authn_core.so
            LoadModule authn_file_module {Modules}/mod_authn_file.so
            LoadModule authz_core_module {Modules}/mod_authz_core.so
            LoadModule authz_user_module {Modules}/mod_authz_user.so
            LoadModule auth_basic_module {Modules}/mod_auth_basic.so
            LoadModule alias_module {Modules}/mod_alias.so
            LoadModule env_module {Modules}/mod_env.so
            LoadModule setenvif_module {Modules}/mod_setenvif.so
            LoadModule cgi_module {Modules}/mod_cgi.so
            PassEnv GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM GIT_CONFIG_COUNT
            {PassGitConfiguration()}
            SetEnv GIT_PROJECT_ROOT {Folder}
            SetEnv GIT_HTTP_EXPORT_ALL 1
            SetEnvIf Git-Protocol ".*" GIT_PROTOCOL=$0
            ScriptAlias / {RealGit.Run(_temp.Path, "--exec-path")}/git-http-backend/
            <Location />
              {(withLogin ? $"AuthType Basic\n  AuthName git\n  AuthUserFile {_temp["users"]}\n  Require valid-user" : "Require all granted")}
            </Location>
            """ + "\n";

    private static string PassGitConfiguration()
    {
        var variables = new Dictionary<string, string?>();
        RealGit.SetEnvironment(variables);
        var names = variables.Keys.Where(name =>
            name.StartsWith("GIT_CONFIG_KEY_", StringComparison.Ordinal) || name.StartsWith("GIT_CONFIG_VALUE_", StringComparison.Ordinal)
        );
        return "PassEnv " + string.Join(' ', names);
    }
}
