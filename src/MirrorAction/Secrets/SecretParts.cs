namespace MirrorAction.Secrets;

/// <summary>
/// Finds secrets, and whatever is left of one that was cut, in texts that may have been cut and written anew on their way: every run of
/// <see cref="LongRun"/> characters that is also in a secret. Immutable.
/// </summary>
/// <remarks>
/// Texts of servers are read, cut and quoted in many places, and none of them has to know the secrets: a part is recognised wherever the cut fell.
/// Runs are known by a hash, so that a key of a hundred lines costs little; two with one hash take more out of a text than they must, never less.
/// </remarks>
internal sealed class SecretParts
{
    /// <summary>The longest part of a secret that may be left in a text is a character shorter.</summary>
    public const int LongRun = 12;

    /// <summary>
    /// The same where only letters and digits count. The public beginning of a token (<c>github_pat_</c>) is shorter, and may be spoken of.
    /// </summary>
    private const int LongLetterRun = 10;

    /// <summary>The runs that are looked for of a shorter secret. One that is shorter still is no secret if it is broken up.</summary>
    private const int ShortRun = 8;

    private readonly Runs[] _all;

    /// <summary>Takes the forms in which secrets may turn up.</summary>
    public SecretParts(IEnumerable<string> forms)
        : this([new(LongRun), new(ShortRun), new(LongLetterRun, TextReading.Letters), new(ShortRun, TextReading.Letters)], forms) { }

    private SecretParts(Runs[] all, IEnumerable<string> forms)
    {
        _all = all;
        foreach (var form in forms)
        {
            Add(FoldedText.Read(form, TextReading.Visible).Characters, _all[0], _all[1]);
            Add(FoldedText.Read(form, TextReading.Letters).Characters, _all[2], _all[3]);
        }
    }

    /// <summary>These, and those of further forms.</summary>
    public SecretParts With(IEnumerable<string> forms) => new([.. _all.Select(runs => runs.Copy())], forms);

    /// <summary>The places in a text where something of a secret stands, in no order; they may overlap.</summary>
    public IEnumerable<(int Start, int End)> Find(string text) =>
        text.Length < ShortRun
            ? []
            : from reading in FoldedText.ReadingsOf(text)
            let folded = FoldedText.Read(text, reading)
            from runs in _all
            where runs.Reading == (reading & TextReading.Letters)
            from place in runs.Find(folded)
            select place;

    private static void Add(ReadOnlySpan<char> form, Runs longer, Runs shorter) => (form.Length < longer.Length ? shorter : longer).Add(form);

    /// <summary>All runs of one length that secrets have in one way of reading them.</summary>
    private sealed class Runs(int length, TextReading reading = TextReading.Visible)
    {
        private const ulong Factor = 0x9E37_79B9_7F4A_7C15;

        private readonly HashSet<ulong> _hashes = [];
        private readonly ulong _first = Enumerable.Range(0, length).Aggregate(1UL, (power, _) => unchecked(power * Factor));

        public int Length => length;

        public TextReading Reading => reading;

        public Runs Copy()
        {
            var copy = new Runs(length, reading);
            copy._hashes.UnionWith(_hashes);
            return copy;
        }

        public void Add(ReadOnlySpan<char> form)
        {
            var hash = 0UL;
            for (var at = 0; at < form.Length; at++)
            {
                hash = Next(hash, form, at);
                if (at >= length - 1)
                {
                    _hashes.Add(hash);
                }
            }
        }

        public List<(int Start, int End)> Find(FoldedText text)
        {
            var found = new List<(int Start, int End)>();
            var characters = _hashes.Count > 0 ? text.Characters : [];
            var hash = 0UL;
            for (var at = 0; at < characters.Length; at++)
            {
                hash = Next(hash, characters, at);
                if (at >= length - 1 && _hashes.Contains(hash))
                {
                    found.Add(text.PlaceOf(at - length + 1, at));
                }
            }

            return found;
        }

        /// <summary>The hash of the run that ends at a character, from that of the run before it.</summary>
        private ulong Next(ulong hash, ReadOnlySpan<char> text, int at) =>
            unchecked((hash * Factor) + text[at] - (at >= length ? text[at - length] * _first : 0));
    }
}
