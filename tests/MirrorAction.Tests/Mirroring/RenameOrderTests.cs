using FsCheck;
using FsCheck.Fluent;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

/// <summary>Names that wait for each other are given in an order in which none is ever of two.</summary>
public sealed class RenameOrderTests
{
    [Theory]
    [InlineData("a>b", "a>b")]
    [InlineData("a>b b>c", "b>c a>b")]
    [InlineData("b>c a>b", "b>c a>b")]
    [InlineData("a>b b>a", "a>t0 b>a t0>b")]
    [InlineData("a>b b>c c>a", "a>t0 c>a b>c t0>b")]
    [InlineData("a>b b>a c>d", "c>d a>t0 b>a t0>b")]
    [InlineData("a>B b>c", "b>c a>B")] // Hosts ignore case.
    public void Whoever_has_a_free_name_before_it_goes_first_and_a_circle_is_opened(string renames, string steps) =>
        string.Join(' ', Order(Parse(renames)).Select(step => $"{step.From}>{step.To}")).ShouldBe(steps);

    [Theory]
    [InlineData("a>b", "a b", "")]
    [InlineData("a>b b>c", "a b", "a>b b>c")]
    [InlineData("a>b b>c", "a b c", "")] // The second stays, and so does what waits for its name.
    [InlineData("a>b b>a c>d", "a b c d", "a>b b>a")]
    public void What_waits_for_a_name_that_stays_taken_stays_too(string renames, string taken, string possible) =>
        string.Join(
                ' ',
                RenameOrder
                    .Possible(Parse(renames), taken.Split(' ').Contains, StringComparer.OrdinalIgnoreCase)
                    .Select(rename => $"{rename.From}>{rename.To}")
            )
            .ShouldBe(possible);

    [Fact]
    public void Any_permutation_is_reached_with_every_name_of_one_thing_alone() =>
        Prop.ForAll(
                Gen.Choose(1, 9).SelectMany(n => Gen.Shuffle(Enumerable.Range(0, n).ToArray())).ToArbitrary(),
                permutation =>
                {
                    var renames = permutation.Select((to, from) => new Rename<int>(from, $"n{from}", $"n{to}")).Where(r => r.From != r.To).ToList();
                    var names = permutation.Select((_, i) => (Item: i, Name: $"n{i}")).ToDictionary(n => n.Name, n => n.Item);
                    foreach (var step in Order(renames))
                    {
                        names.ShouldNotContainKey(step.To);
                        names.Remove(step.From, out var item).ShouldBeTrue();
                        item.ShouldBe(step.Rename.Item);
                        names.Add(step.To, item);
                    }

                    names.ShouldBe(permutation.Select((to, item) => KeyValuePair.Create($"n{to}", item)), ignoreOrder: true);
                }
            )
            .QuickCheckThrowOnFailure();

    private static IReadOnlyList<RenameStep<int>> Order(IReadOnlyList<Rename<int>> renames) =>
        RenameOrder.Of(renames, item => $"t{item}", StringComparer.OrdinalIgnoreCase);

    private static List<Rename<int>> Parse(string renames) =>
        [
            .. renames
                .Split(' ')
                .Select((text, i) => text.Split('>') is [var from, var to] ? new Rename<int>(i, from, to) : throw new FormatException(text)),
        ];
}
