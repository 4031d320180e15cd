namespace MirrorAction.Tests.Hosts;

/// <summary>Entries of a host's listing as JSON: good ones, and such as nothing can be made of.</summary>
/// <param name="Page">A page around entries.</param>
/// <param name="Entry">A good entry by its name and more members; a member that is given twice counts as the second says.</param>
/// <param name="Impossible">Entries with the field that is wrong and the name by which they are told; null where they have none.</param>
public sealed record EntrySamples(
    Func<string, string> Page,
    Func<string, string, string> Entry,
    IReadOnlyList<(string Json, string? Field, string? Name)> Impossible
)
{
    private static readonly string s_long = new('x', 300);

    public static EntrySamples GitHub { get; } =
        new(
            entries => $"[{entries}]",
            (name, more) => $$"""{"id":{{name.Sum(letter => letter)}},"name":"{{name}}","private":true{{more}}}""",
            [
                ("{}", "name", null),
                ("""{"id":91}""", "name", null),
                ("""{"id":92,"name":""}""", "name", null),
                ("""{"id":93,"name":"x/y"}""", "name", "x/y"),
                ("""{"id":94,"name":".."}""", "name", ".."),
                ("""{"id":95,"name":"x\u001b[2Jy"}""", "name", "xy"),
                ("""{"id":96,"name":"x\u202ez"}""", "name", "xz"),
                ("""{"id":97,"name":"x\ud800"}""", "name", null),
                ($$"""{"id":98,"name":"{{s_long}}"}""", "name", null),
                ("""{"id":99,"name":5}""", "name", null),
                ("""{"name":"no-id"}""", "id", "no-id"),
                ("""{"id":0,"name":"zero"}""", "id", "zero"),
                ("""{"id":"7","name":"text-id"}""", "id", "text-id"),
                ("""{"id":7.5,"name":"half-id"}""", "id", "half-id"),
                ("""{"id":10,"name":"negative","size":-1}""", "size", "negative"),
                ("""{"id":11,"name":"huge","size":9007199254740993}""", "size", "huge"),
                ("""{"id":12,"name":"beyond","size":99999999999999999999}""", "size", "beyond"),
                ("""{"id":13,"name":"text-size","size":"big"}""", "size", "text-size"),
                ("""{"id":14,"name":"odd-text","description":{"a":1}}""", "description", "odd-text"),
                ("""{"id":15,"name":"odd-owner","owner":"acme"}""", "owner", "odd-owner"),
                ("""{"id":16,"name":"odd-flag","archived":"yes"}""", "archived", "odd-flag"),
                (
                    $$"""{"id":17,"name":"long-branch","default_branch":"{{string.Concat(Enumerable.Repeat(s_long, 4))}}"}""",
                    "default_branch",
                    "long-branch"
                ),
                ("[]", null, null),
                ("null", null, null),
                ("\"website\"", null, null),
                ("7", null, null),
            ]
        );

    public static EntrySamples Bitbucket { get; } =
        new(
            entries => $$"""{"values":[{{entries}}]}""",
            (name, more) => $$"""{"slug":"{{name}}","uuid":"{{{name}}}","is_private":true{{more}}}""",
            [
                ("{}", "slug", null),
                ("""{"slug":""}""", "slug", null),
                ("""{"slug":"x/y"}""", "slug", "x/y"),
                ("""{"slug":".."}""", "slug", ".."),
                ("""{"full_name":"acme/."}""", "slug", "."),
                ("""{"slug":"x\u001b[2Jy"}""", "slug", "xy"),
                ("""{"slug":"x\ud800"}""", "slug", null),
                ($$"""{"slug":"{{s_long}}"}""", "slug", null),
                ("""{"slug":5,"full_name":"acme/number"}""", "slug", "number"),
                ("""{"slug":"negative","size":-1}""", "size", "negative"),
                ("""{"slug":"huge","size":2305843009213693952}""", "size", "huge"),
                ("""{"slug":"beyond","size":99999999999999999999}""", "size", "beyond"),
                ("""{"slug":"text-size","size":"big"}""", "size", "text-size"),
                ("""{"slug":"odd-text","description":["a"]}""", "description", "odd-text"),
                ("""{"slug":"odd-privacy","is_private":"no"}""", "is_private", "odd-privacy"),
                ("""{"slug":"odd-branch","mainbranch":"main"}""", "mainbranch", "odd-branch"),
                ("""{"slug":"odd-branch-name","mainbranch":{"name":5}}""", "mainbranch", "odd-branch-name"),
                (
                    $$$"""{"slug":"long-branch","mainbranch":{"name":"{{{string.Concat(Enumerable.Repeat(s_long, 4))}}}"}}""",
                    "mainbranch",
                    "long-branch"
                ),
                ($$"""{"slug":"long-uuid","uuid":"{{s_long}}"}""", "uuid", "long-uuid"),
                ("[]", null, null),
                ("null", null, null),
                ("\"website\"", null, null),
                ("7", null, null),
            ]
        );

    /// <summary>Projects of a group or user.</summary>
    public static EntrySamples GitLab(string owner) =>
        new(
            entries => $"[{entries}]",
            (name, more) => $$"""{"id":{{name.Sum(letter => letter)}},"path_with_namespace":"{{owner}}/{{name}}","visibility":"private"{{more}}}""",
            [
                ("{}", "path_with_namespace", null),
                ("""{"id":91}""", "path_with_namespace", null),
                ("""{"id":92,"path_with_namespace":""}""", "path_with_namespace", null),
                ("""{"id":93,"path_with_namespace":"elsewhere/x"}""", "path_with_namespace", "elsewhere/x"),
                ($$"""{"id":94,"path_with_namespace":"{{owner}}/.."}""", "path_with_namespace", ".."),
                ($$"""{"id":95,"path_with_namespace":"{{owner}}//x"}""", "path_with_namespace", "/x"),
                ($$"""{"id":96,"path_with_namespace":"{{owner}}/x\u001b[2Jy"}""", "path_with_namespace", "xy"),
                ($$"""{"id":97,"path_with_namespace":"{{owner}}/x\u202ez"}""", "path_with_namespace", "xz"),
                ($$"""{"id":98,"path_with_namespace":"{{owner}}/x\ud800"}""", "path_with_namespace", null),
                ($$"""{"id":99,"path_with_namespace":"{{owner}}/{{s_long}}"}""", "path_with_namespace", null),
                ("""{"id":90,"path_with_namespace":5}""", "path_with_namespace", null),
                ($$"""{"path_with_namespace":"{{owner}}/no-id"}""", "id", "no-id"),
                ($$"""{"id":0,"path_with_namespace":"{{owner}}/zero"}""", "id", "zero"),
                ($$"""{"id":"7","path_with_namespace":"{{owner}}/text-id"}""", "id", "text-id"),
                ($$"""{"id":-1,"path_with_namespace":"{{owner}}/negative"}""", "id", "negative"),
                ($$"""{"id":10,"path_with_namespace":"{{owner}}/odd-text","description":["a"]}""", "description", "odd-text"),
                ($$"""{"id":11,"path_with_namespace":"{{owner}}/odd-visibility","visibility":10}""", "visibility", "odd-visibility"),
                ($$"""{"id":12,"path_with_namespace":"{{owner}}/odd-flag","archived":"yes"}""", "archived", "odd-flag"),
                (
                    $$"""{"id":13,"path_with_namespace":"{{owner}}/long-branch","default_branch":"{{string.Concat(Enumerable.Repeat(s_long, 4))}}"}""",
                    "default_branch",
                    "long-branch"
                ),
                ("[]", null, null),
                ("null", null, null),
                ("\"website\"", null, null),
                ("7", null, null),
            ]
        );
}
