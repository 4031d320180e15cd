using System.Text;
using MirrorAction.Mirroring.Backup;

namespace MirrorAction.Tests.Mirroring.Backup;

public sealed class ManifestFormTests
{
    private const string Good = """
        {
          "schemaVersion": 2,
          "repository": "acme/Website",
          "host": "github",
          "hostName": "github.com",
          "owner": "acme",
          "id": 1001,
          "description": "Tells the world",
          "private": true,
          "defaultBranch": "main",
          "objectFormat": "sha1",
          "chains": [
            {
              "files": [
                {
                  "file": "full-20261121T020000Z.bundle",
                  "kind": "full",
                  "createdAt": "2026-11-21T02:00:00Z",
                  "bytes": 5000,
                  "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                  "objects": 30,
                  "refs": 3,
                  "prerequisites": 0
                },
                {
                  "file": "incr-20261122T020000Z.bundle",
                  "kind": "incr",
                  "createdAt": "2026-11-22T02:00:00Z",
                  "bytes": 400,
                  "sha256": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                  "objects": 0,
                  "refs": 4,
                  "prerequisites": 2
                }
              ]
            }
          ],
          "removed": []
        }

        """;

    [Fact]
    public void Manifest_of_version_1_is_read_and_written_as_it_was()
    {
        var text = Good.Replace("\"schemaVersion\": 2", "\"schemaVersion\": 1", StringComparison.Ordinal)
            .Replace("  \"hostName\": \"github.com\",\n  \"owner\": \"acme\",\n", "", StringComparison.Ordinal);

        var manifest = ManifestForm.Read(Encoding.UTF8.GetBytes(text));

        (manifest.SchemaVersion, manifest.HostName, manifest.Owner).ShouldBe((1, null, null));
        Encoding.UTF8.GetString(ManifestForm.Write(manifest)).ShouldBe(text);
    }

    [Fact]
    public void Id_of_19_digits_is_read_and_written()
    {
        var text = Good.Replace("1001", "9223372036854775807", StringComparison.Ordinal);

        var manifest = ManifestForm.Read(Encoding.UTF8.GetBytes(text));

        manifest.Id.ShouldBe("9223372036854775807");
        Encoding.UTF8.GetString(ManifestForm.Write(manifest)).ShouldBe(text);
    }

    [Fact]
    public void What_was_written_is_read_again()
    {
        var manifest = ManifestForm.Read(Encoding.UTF8.GetBytes(Good));

        manifest.Repository.ShouldBe("acme/Website");
        manifest.Files.Select(entry => entry.Kind).ShouldBe([BundleKind.Full, BundleKind.Incremental]);
        manifest.Files.Last().CreatedAt.ShouldBe(new DateTime(2026, 11, 22, 2, 0, 0, DateTimeKind.Utc));
        Encoding.UTF8.GetString(ManifestForm.Write(manifest)).ShouldBe(Good);
    }

    [Fact]
    public void Text_of_a_host_stays_text()
    {
        var odd = ManifestForm.Read(Encoding.UTF8.GetBytes(Good)) with { Description = "\"}] \u202e <b>\n日本語", DefaultBranch = null };

        ManifestForm.Read(ManifestForm.Write(odd)).ShouldBeEquivalentTo(odd);
    }

    [Theory]
    [InlineData("\"schemaVersion\": 2,", "", "it names no schemaVersion")]
    [InlineData("\"schemaVersion\": 2,", "\"schemaVersion\": \"1\",", "it names no schemaVersion")]
    [InlineData("\"schemaVersion\": 2,", "\"schemaVersion\": 0,", "its schemaVersion is 0")]
    [InlineData("\"host\": \"github\",", "", "'host'")]
    [InlineData("\"host\": \"github\",", "\"host\": null,", "line 4: ")]
    [InlineData("\"host\": \"github\",", "\"hosts\": \"github\",", "'hosts'")]
    [InlineData("\"host\": \"github\",", "\"host\": \"github\", \"host\": \"github\",", "host")]
    [InlineData("\"id\": 1001,", "\"id\": \"1001\",", "(at $.id)")]
    [InlineData("\"objectFormat\": \"sha1\"", "\"objectFormat\": \"md5\"", "its objectFormat 'md5' is neither sha1 nor sha256")]
    [InlineData("\"kind\": \"incr\"", "\"kind\": \"delta\"", "line 27: ")]
    [InlineData("\"kind\": \"incr\"", "\"kind\": \"full\"", "file 2 of chain 1: incr-20261122T020000Z.bundle is called full")]
    [InlineData(
        "full-20261121T020000Z.bundle",
        "../full-20261121T020000Z.bundle",
        "file 1 of chain 1: '../full-20261121T020000Z.bundle' is not the name of a bundle"
    )]
    [InlineData(
        "incr-20261122T020000Z.bundle",
        "incr-20261121T020000Z.bundle",
        "file 2 of chain 1: incr-20261121T020000Z.bundle is not later than the one before it"
    )]
    [InlineData("\"bytes\": 400", "\"bytes\": -400", "a number about incr-20261122T020000Z.bundle is too low to be true")]
    [InlineData("\"bytes\": 400", "\"bytes\": 4e99", "(at $.chains[0].files[1].bytes)")]
    [InlineData("\"sha256\": \"bb", "\"sha256\": \"Bb", "the sha256 of incr-20261122T020000Z.bundle is not 64 lower-case hex digits")]
    [InlineData("\"prerequisites\": 0", "\"prerequisites\": 1", "full-20261121T020000Z.bundle is a full bundle with prerequisites")]
    [InlineData("\"removed\": []", "\"removed\": [\"../../etc/passwd\"]", "what it calls removed are not all names of bundles")]
    [InlineData(
        "\"removed\": []",
        "\"removed\": [\"incr-20261122T020000Z.bundle\"]",
        "incr-20261122T020000Z.bundle is both listed and called removed"
    )]
    [InlineData("\"removed\": []", "\"removed\": [", "line ")]
    public void Damage_is_told_with_its_place(string text, string instead, string expected) =>
        Should
            .Throw<FormatException>(() => ManifestForm.Read(Encoding.UTF8.GetBytes(Good.Replace(text, instead, StringComparison.Ordinal))))
            .Message.ShouldContain(expected);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"schemaVersion\": 1}")]
    [InlineData("{\"schemaVersion\": 1, \"chains\": [null]}")]
    public void What_is_no_manifest_at_all_is_refused(string text) =>
        Should.Throw<FormatException>(() => ManifestForm.Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("\"chains\": [null]")]
    [InlineData("\"chains\": [{\"files\": []}]")]
    [InlineData("\"chains\": [{\"files\": [null]}]")]
    public void Chains_without_files_are_refused(string chains)
    {
        var start = Good.IndexOf("\"chains\"", StringComparison.Ordinal);
        var end = Good.IndexOf(",\n  \"removed\"", StringComparison.Ordinal);

        Should
            .Throw<FormatException>(() => ManifestForm.Read(Encoding.UTF8.GetBytes(Good[..start] + chains + Good[end..])))
            .Message.ShouldContain("chain 1");
    }

    [Fact]
    public void Any_prefix_of_a_manifest_is_refused()
    {
        var whole = Encoding.UTF8.GetBytes(Good.TrimEnd());
        for (var length = 0; length < whole.Length; length++)
            Should.Throw<FormatException>(() => ManifestForm.Read(whole.AsMemory(0, length)));
    }

    [Fact]
    public void Manifest_of_a_newer_version_is_told_as_such() =>
        Should
            .Throw<NotSupportedException>(() => ManifestForm.Read("{\"schemaVersion\": 3, \"generations\": {}}"u8.ToArray()))
            .Message.ShouldContain("its schemaVersion is 3");

    [Fact]
    public void Oldest_chains_are_dropped_whole_and_remembered_until_they_are_deleted()
    {
        var manifest = ManifestForm.Read(Encoding.UTF8.GetBytes(Good));
        var next = manifest.Files.First() with { File = "full-20261201T020000Z.bundle" };

        var kept = manifest.With(next).KeepingLast(1);

        kept.Files.ShouldBe([next]);
        kept.Removed.ShouldBe(["full-20261121T020000Z.bundle", "incr-20261122T020000Z.bundle"]);
        manifest.With(next).KeepingLast(null).Chains.Count.ShouldBe(2);
        manifest.KeepingLast(1).ShouldBeSameAs(manifest);
    }
}
