using System.Text.Json;
using System.Xml.Linq;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Architecture;

/// <summary>Where packages come from: nuget.config.</summary>
public sealed class PackageSourceTests
{
    private static readonly XDocument s_config = XDocument.Load(Checkout.PathOf("nuget.config"));

    [Fact]
    public void Every_package_of_the_lock_files_has_its_source_by_name()
    {
        var patterns = s_config.Descendants("package").Select(package => (string)package.Attribute("pattern")!).ToList();
        var packages = Directory
            .EnumerateFiles(Checkout.Root, "packages.lock.json", SearchOption.AllDirectories)
            .SelectMany(PackagesOf)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();

        packages.Count.ShouldBeGreaterThan(20);
        packages.Where(package => !patterns.Exists(pattern => Fits(pattern, package))).ShouldBeEmpty();
        patterns.ShouldNotContain("*");
    }

    [Fact]
    public void No_other_source_and_no_address_is_named()
    {
        s_config.Descendants("packageSource").Select(source => (string)source.Attribute("key")!).ShouldBe(["nuget.org"]);
        s_config.Descendants("packageSources").ShouldBeEmpty();
    }

    private static bool Fits(string pattern, string package) =>
        pattern.EndsWith('*')
            ? package.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
            : package.Equals(pattern, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> PackagesOf(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return
        [
            .. from framework in json.RootElement.GetProperty("dependencies").EnumerateObject()
            from package in framework.Value.EnumerateObject()
            where package.Value.GetProperty("type").GetString() != "Project"
            select package.Name,
        ];
    }
}
