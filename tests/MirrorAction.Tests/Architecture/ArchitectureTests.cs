using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MirrorAction.Git.Model;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Modes;
using MirrorAction.Terminal;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Architecture;

/// <summary>What the parts may know of each other, and what a file may be.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string s_sources = Checkout.PathOf("src");

    public static TheoryData<Assembly, string[]> Directions =>
        new()
        {
            { typeof(RefName).Assembly, ["ICSharpCode.SharpZipLib", "MirrorAction.Http"] },
            { typeof(HostException).Assembly, ["Polly.Core"] },
            { typeof(IRepositorySource).Assembly, ["MirrorAction.Http", "Octokit", "Refit"] },
            { typeof(OrganizationMirror).Assembly, ["LibGit2Sharp", "MirrorAction.Git", "MirrorAction.Hosts", "MirrorAction.Http"] },
        };

    [Theory]
    [MemberData(nameof(Directions))]
    public void Parts_know_only_those_below_them(Assembly assembly, string[] allowed) =>
        assembly
            .GetReferencedAssemblies()
            .Select(r => r.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && !allowed.Contains(name))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("MirrorAction.Git", "SharpZipLib System.IO.Hashing", "MirrorAction.Http")]
    [InlineData("MirrorAction.Http", "Polly.Core", "")]
    [InlineData("MirrorAction.Hosts", "Octokit Refit", "MirrorAction.Http")]
    [InlineData("MirrorAction.Mirroring", "LibGit2Sharp", "MirrorAction.Git MirrorAction.Hosts")]
    public void Project_files_ask_for_no_more_than_their_part_needs(string project, string packages, string projects)
    {
        var file = XDocument.Load(Path.Combine(s_sources, project, project + ".csproj"));

        string.Join(' ', file.Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value)).ShouldBe(packages);
        string.Join(' ', file.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)))
            .ShouldBe(projects);
    }

    [Fact]
    public void Only_the_program_knows_of_logs_options_and_yaml() =>
        FilesOf("MirrorAction.Http", "MirrorAction.Git", "MirrorAction.Hosts", "MirrorAction.Mirroring")
            .Where(f => Regex.IsMatch(File.ReadAllText(f), @"^using (Serilog|YamlDotNet|System\.CommandLine)", RegexOptions.Multiline))
            .ShouldBeEmpty();

    /// <summary>A host is a folder and a line: what names one lies there, or in the program, which has its inputs.</summary>
    [Fact]
    public void Only_its_folder_names_a_host()
    {
        var names = KnownHosts.All.SelectMany(host => new[] { host.Name, $"\"{host.Kind}\"" }).ToArray();
        KnownHosts
            .All.Select(host => Path.GetDirectoryName(Checkout.PathOf($"src/MirrorAction.Hosts/{FolderOf(host)}/x"))!)
            .ShouldAllBe(folder => Directory.Exists(folder));
        FilesOf("MirrorAction.Mirroring", "MirrorAction.Http")
            .Concat(
                FilesOf("MirrorAction.Hosts")
                    .Where(file => !KnownHosts.All.Any(host => Relative(file).Contains($"/{FolderOf(host)}/", StringComparison.Ordinal)))
            )
            .Where(file => Path.GetFileName(file) != "HostDefinition.cs")
            .Where(file => names.Any(name => WithoutComments(file).Contains(name, StringComparison.Ordinal)))
            .Select(Relative)
            .ShouldBeEmpty();
    }

    private static string FolderOf(HostDefinition host) => host.Name.Replace(" ", "", StringComparison.Ordinal);

    /// <summary>Its types are named like git's, and its calls block: nobody else has any use for them.</summary>
    [Fact]
    public void Only_the_second_reader_knows_libgit2()
    {
        var users = Sources().Where(f => LibGit2Name().IsMatch(WithoutComments(f))).Select(Relative).ToList();
        users.ShouldNotBeEmpty();
        users.ShouldAllBe(f => f.StartsWith("MirrorAction.Mirroring/Proof/", StringComparison.Ordinal));
    }

    /// <summary>
    /// What it asks of a trimmed or ahead-of-time compiled program it is asked by the analyzers, and nobody has silenced them for it.
    /// </summary>
    [Fact]
    public void The_room_of_the_second_reader_is_trimmed_and_compiled_as_it_is()
    {
        typeof(OrganizationMirror)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(a => a is { Key: "IsTrimmable" or "IsAotCompatible", Value: "True" })
            .Select(a => a.Key)
            .ShouldBe(["IsTrimmable", "IsAotCompatible"], ignoreOrder: true);
        string[] silencers = ["UnconditionalSuppressMessage", "DynamicDependency", "RequiresUnreferencedCode", "RequiresDynamicCode", "#pragma"];
        FilesOf("MirrorAction.Mirroring")
            .Where(f => RoomOf(f) == "Proof" && silencers.Any(word => File.ReadAllText(f).Contains(word, StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Hosts_know_nothing_of_git() =>
        FilesOf("MirrorAction.Hosts").Where(f => File.ReadAllText(f).Contains("MirrorAction.Git", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Only_the_rooms_of_the_terminal_speak_to_the_console() =>
        Sources()
            .Where(f =>
                !ConsoleRooms.Any(room => Relative(f).StartsWith(room, StringComparison.Ordinal)) && ConsoleCall().IsMatch(WithoutComments(f))
            )
            .Select(Relative)
            .ShouldBeEmpty();

    [Fact]
    public void No_file_is_longer_than_three_hundred_lines() =>
        Sources().Select(f => (File: Relative(f), Lines: File.ReadAllLines(f).Length)).Where(f => f.Lines > 300).ShouldBeEmpty();

    [Fact]
    public void No_line_is_longer_than_150_columns() =>
        Sources()
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (Place: $"{Relative(f)}:{i + 1}", line.Length)))
            .Where(line => line.Length > 150)
            .ShouldBeEmpty();

    [Fact]
    public void Namespaces_are_the_folders() =>
        Sources()
            .Where(f => Path.GetFileName(f) != "Program.cs")
            .Select(f => (File: Relative(f), Namespace: NamespaceLine().Match(File.ReadAllText(f)).Groups[1].Value))
            .Where(f => f.Namespace.Length > 0 && f.Namespace != Path.GetDirectoryName(f.File)!.Replace('/', '.'))
            .ShouldBeEmpty();

    /// <summary>Rooms of a project, lowest first: a room knows those that stand before it in one of these lines, and no other.</summary>
    [Theory]
    [InlineData(
        "MirrorAction.Git",
        "Model Protocol Transport Packs Bundles",
        "Model Protocol Transport Packs Relay",
        "Model Protocol Transport Packs Lfs"
    )]
    [InlineData(
        "MirrorAction.Mirroring",
        "Reports Refs Selection Runs Lfs Proof Verify Mirror Drill",
        "Reports Refs Selection Runs Lfs Verify Mirror Restore",
        "Reports Refs Selection Runs Lfs Proof Backup Restore",
        "Reports Refs Selection Runs Lfs Verify Mirror Doctor"
    )]
    public void Rooms_know_only_those_below_them(string project, params string[] lines)
    {
        var orders = lines.Select(line => line.Split(' ').ToList()).ToArray();
        var homes = FilesOf(project)
            .SelectMany(f => TypeLine().Matches(File.ReadAllText(f)).Select(m => (Type: m.Groups[1].Value, Room: RoomOf(f))))
            .ToLookup(t => t.Type, t => t.Room);
        bool MayKnow(string room, string other) => room == other || orders.Any(o => o.Contains(other) && o.IndexOf(other) < o.IndexOf(room));

        var upward =
            from file in FilesOf(project)
            from name in TypeName().Matches(StringLiteral().Replace(WithoutComments(file), "")).Select(m => m.Value).Distinct()
            from home in homes[name]
            where !MayKnow(RoomOf(file), home)
            select $"{Relative(file)} knows {home}/{name}";

        upward.ShouldBeEmpty();
        homes.SelectMany(h => h).Distinct().Order().ShouldBe(orders.SelectMany(o => o).Distinct().Order());
    }

    private static string RoomOf(string file) => Relative(file).Split('/')[1];

    [Fact]
    public void Every_type_that_others_see_is_described()
    {
        foreach (
            var assembly in new[]
            {
                typeof(RefName).Assembly,
                typeof(HostException).Assembly,
                typeof(IRepositorySource).Assembly,
                typeof(OrganizationMirror).Assembly,
            }
        )
        {
            var documented = XDocument
                .Load(Path.ChangeExtension(assembly.Location, ".xml"))
                .Descendants("member")
                .Select(m => m.Attribute("name")!.Value)
                .ToHashSet();
            assembly.GetExportedTypes().Where(t => !t.IsNested && !documented.Contains($"T:{t.FullName}")).Select(t => t.FullName).ShouldBeEmpty();
        }
    }

    /// <summary>A new mode is a new file in that folder and a line of its list: nothing else may ask which mode it is.</summary>
    [Fact]
    public void Only_the_modes_themselves_know_their_names()
    {
        // A report is also a thing: the noun is no question for the mode.
        var names = ModeList.All.Select(mode => mode.Name).Append("drill").Where(name => name != "report");
        var literal = new Regex($"\"({string.Join('|', names)})\"|(==|is|not|or|case) \"report\"|\"report\" =>");
        FilesOf("MirrorAction")
            .Where(f => !Relative(f).StartsWith("MirrorAction/Modes/", StringComparison.Ordinal))
            .SelectMany(f => literal.Matches(WithoutComments(f)).Select(match => $"{Relative(f)}: {match.Value}"))
            .ShouldBeEmpty();
        ModeList.All.Count.ShouldBe(
            typeof(IMode).Assembly.GetTypes().Count(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IMode)))
        );
    }

    [Fact]
    public void No_program_is_ever_started() => Sources().Where(f => ProcessStart().IsMatch(WithoutComments(f))).Select(Relative).ShouldBeEmpty();

    /// <summary>
    /// A limit by the clock is missed by a process that was stopped for a moment, and a pattern that can backtrack takes for ever without one.
    /// </summary>
    [Fact]
    public void Regular_expressions_are_linear_and_know_no_clock()
    {
        string[] calls = ["new Regex(", "Regex.IsMatch(", "Regex.Match", "Regex.Replace(", "Regex.Split(", "Regex.Count(", "Regex.Enumerate"];
        foreach (var file in Sources().Where(f => calls.Any(call => WithoutComments(f).Contains(call, StringComparison.Ordinal))))
        {
            var text = WithoutComments(file);
            text.ShouldContain("RegexOptions.NonBacktracking", Case.Sensitive, Relative(file));
            text.ShouldNotContain("TimeSpan", Case.Sensitive, Relative(file));
        }

        var generated =
            from type in Parts.SelectMany(part => part.GetTypes())
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where method.IsDefined(typeof(GeneratedRegexAttribute))
            select (Name: $"{type.Name}.{method.Name}", Expression: (Regex)method.Invoke(null, null)!);
        generated.ShouldNotBeEmpty();
        generated
            .Where(r => !r.Expression.Options.HasFlag(RegexOptions.NonBacktracking) || r.Expression.MatchTimeout != Regex.InfiniteMatchTimeout)
            .Select(r => r.Name)
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_file_of_the_checkout_names_a_path_of_someones_machine()
    {
        string[] kinds = [".cs", ".csproj", ".props", ".md", ".yml", ".yaml", ".json", ".sh", ".py", ".pkt", ".tsv", ".txt"];
        var banned = new Regex("(?<!runner)/" + "work/"); // In two pieces, or this file would name it; GitHub's own runners have such a folder.
        Directory
            .EnumerateFiles(Checkout.Root, "*", SearchOption.AllDirectories)
            .Where(f => kinds.Contains(Path.GetExtension(f)) && !Ignored().IsMatch(f[Checkout.Root.Length..].Replace('\\', '/')))
            .Where(f => banned.IsMatch(File.ReadAllText(f)))
            .Select(f => Path.GetRelativePath(Checkout.Root, f))
            .ShouldBeEmpty();
    }

    private static string[] ConsoleRooms => ["MirrorAction/Hosting/"];

    private static IEnumerable<Assembly> Parts =>
        [
            typeof(RefName).Assembly,
            typeof(HostException).Assembly,
            typeof(IRepositorySource).Assembly,
            typeof(OrganizationMirror).Assembly,
            typeof(RunConsole).Assembly,
        ];

    private static IEnumerable<string> Sources() =>
        Directory
            .EnumerateFiles(s_sources, "*.cs", SearchOption.AllDirectories)
            .Where(f => !Ignored().IsMatch(f[Checkout.Root.Length..].Replace('\\', '/')));

    private static IEnumerable<string> FilesOf(params string[] projects) => Sources().Where(f => projects.Contains(Relative(f).Split('/')[0]));

    private static string Relative(string file) => Path.GetRelativePath(s_sources, file).Replace('\\', '/');

    private static string WithoutComments(string file) => string.Join('\n', File.ReadAllLines(file).Select(line => line.Split("//")[0]));

    [GeneratedRegex(@"(?<!\w)LibGit2Sharp\s*[.;]")]
    private static partial Regex LibGit2Name();

    [GeneratedRegex(@"(?<![\w.])(System\.)?Console\s*\.")]
    private static partial Regex ConsoleCall();

    [GeneratedRegex(@"(?<!\w)(Process\s*\.\s*Start|new\s+ProcessStartInfo)")]
    private static partial Regex ProcessStart();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(
        @"^(?:(?:public|internal|static|sealed|abstract|partial|readonly|ref) )*(?:class|record struct|record|struct|interface|enum) (\w+)",
        RegexOptions.Multiline
    )]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"(?<![.\w])[A-Z]\w*")]
    private static partial Regex TypeName();

    [GeneratedRegex("\"(?:[^\"\\\\\n]|\\\\.)*\"")]
    private static partial Regex StringLiteral();

    [GeneratedRegex(@"/(bin|obj|artifacts|TestResults|\.git|node_modules)(/|$)")]
    private static partial Regex Ignored();
}
