using MirrorAction.Generate;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Action;

/// <summary>Holds what <c>eng/generate</c> writes to the program's own definitions.</summary>
public sealed class GeneratedFilesTests
{
    public static TheoryData<string> Files =>
        [.. GeneratedFiles.Of(Checkout.Root).Select(file => Path.GetRelativePath(Checkout.Root, file.Path).Replace('\\', '/'))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Generated_file_is_what_the_definitions_say(string path)
    {
        var file = GeneratedFiles.Of(Checkout.Root).Single(file => file.Path == Checkout.PathOf(path.Split('/')));

        File.ReadAllText(file.Path).ShouldBe(file.Text, $"{path} is stale; eng/generate writes it anew.");
    }

    [Fact]
    public void Metadata_tables_schema_and_help_are_generated() =>
        new[]
        {
            "action.yml",
            "action-types.yml",
            "README.md",
            "docs/REPORT.md",
            "docs/CONFIGURATION.md",
            "docs/mirror.schema.json",
            "docs/report.schema.json",
            "docs/manifest.schema.json",
            "mirror.example.yml",
        }.ShouldBeSubsetOf(Files.Select(file => file.Data));
}
