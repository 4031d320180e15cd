using System.Text.RegularExpressions;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>No workflow is shown to users that is not read strictly and run.</summary>
public sealed partial class CoverageTests
{
    private static readonly string s_tests = string.Concat(
        Directory
            .EnumerateFiles(Checkout.PathOf("tests", "MirrorAction.IntegrationTests", "Examples"), "*Tests.cs")
            .Where(file => !file.EndsWith("CoverageTests.cs", StringComparison.Ordinal))
            .Select(File.ReadAllText)
    );

    public static TheoryData<string> Shown =>
        [
            .. Directory
                .EnumerateFiles(Checkout.PathOf("examples"), "*.yml")
                .Append(Checkout.PathOf(".github", "workflows", "mirror-all.yml"))
                .Select(file => Path.GetRelativePath(Checkout.Root, file))
                .Order(),
        ];

    public static TheoryData<string> Pages =>
        [
            .. Directory
                .EnumerateFiles(Checkout.PathOf("docs"), "*.md")
                .Concat(Directory.EnumerateFiles(Checkout.PathOf("examples"), "*.md"))
                .Append(Checkout.PathOf("README.md"))
                .Select(file => Path.GetRelativePath(Checkout.Root, file))
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Shown))]
    public void Every_example_is_read_strictly_and_run_by_a_test(string file)
    {
        var workflow = WorkflowParser.Load(Checkout.PathOf(file));

        s_tests.ShouldContain($"\"{Path.GetFileName(file)}\"", customMessage: $"No test of this folder runs {file}.");
        workflow.HasNoPermissions.ShouldBeTrue(); // What the token may do is given job by job.
        workflow.Jobs.Where(job => job.Calls is null).ShouldAllBe(job => job.TimeoutMinutes != null);
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public void No_example_puts_an_expression_into_a_script(string file) =>
        WorkflowParser.Load(Checkout.PathOf(file)).Jobs.SelectMany(job => job.Steps).Where(step => step.Run is { IsPlain: false }).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Shown))]
    public void Actions_of_others_are_those_of_the_projects_own_workflows(string file)
    {
        var own = string.Concat(
            ((string[])["ci.yml", "release.yml"]).Select(name => File.ReadAllText(Checkout.PathOf(".github", "workflows", name)))
        );
        foreach (Match uses in OthersAction().Matches(File.ReadAllText(Checkout.PathOf(file))))
            own.ShouldContain(uses.Value);
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public void Examples_and_the_page_about_them_name_each_other(string file)
    {
        if (file.StartsWith("examples", StringComparison.Ordinal))
            File.ReadAllText(Checkout.PathOf("examples", "README.md")).ShouldContain($"({Path.GetFileName(file)})");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Workflows_on_pages_are_read_strictly_and_pieces_of_them_name_inputs_that_exist(string page)
    {
        foreach (var block in DocumentedYaml.Of(page))
            block.Check();
    }

    [GeneratedRegex(@"(?<=uses: )(?!acme/)[\w-]+/\S+@\S+ # v[\d.]+")]
    private static partial Regex OthersAction();
}
