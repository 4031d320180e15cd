using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.Inputs.Yaml;

/// <summary>
/// Stands before the node model, which ends at the first duplicate key and puts no bound on nesting. Notes duplicates, keys that are no text, and a
/// second document, leaves them out, and lets the rest through.
/// </summary>
/// <exception cref="YamlException">The text is no YAML, or more nested or more self-referring than any configuration is.</exception>
internal sealed class CheckedYamlParser(string text, FileProblems problems) : IParser
{
    /// <summary>A configuration needs four levels.</summary>
    private const int MaxDepth = 16;

    /// <summary>Each repeats a part of the file; a file must not grow by them without bound.</summary>
    private const int MaxAliases = 100;

    private readonly Parser _parser = new(new StringReader(text));
    private readonly Stack<Level> _levels = [];
    private readonly HashSet<string> _anchors = new(StringComparer.Ordinal);
    private int _documents;
    private int _aliases;

    /// <inheritdoc/>
    public ParsingEvent? Current { get; private set; }

    /// <inheritdoc/>
    public bool MoveNext()
    {
        if (Current is StreamEnd)
        {
            return false;
        }

        while (_parser.MoveNext())
        {
            Current = _parser.Current!;
            if (Current is DocumentStart && ++_documents > 1)
            {
                problems.Add(Current.Start, "a second document begins here; put everything into one and remove the '---'.");
                Current = new StreamEnd(Current.Start, Current.End);
            }

            if (_levels.TryPeek(out var level) && level.TakesKey && Current is not MappingEnd && !IsNewKey(level))
            {
                Check();
                Skip(); // The key.
                _parser.MoveNext();
                Skip(); // Its value.
                continue;
            }

            Check();
            Follow(level);
            return true;
        }

        return false;
    }

    /// <summary>Whether the current event is a key that the mapping does not have yet.</summary>
    private bool IsNewKey(Level mapping)
    {
        if (Current is not Scalar key)
        {
            problems.Add(Current!.Start, "expected the name of a setting here, not a mapping, a sequence or an alias.");
            return false;
        }

        if (mapping.Keys.TryAdd(key.Value, key.Start))
        {
            return true;
        }

        problems.Add(
            key.Start,
            $"{InputFormat.Shown(key.Value)} is there already, in line {problems.At(mapping.Keys[key.Value]).Line}; keep one of them."
        );
        return false;
    }

    /// <summary>Keeps track of where in the tree the current event leads.</summary>
    private void Follow(Level? level)
    {
        switch (Current)
        {
            case MappingStart or SequenceStart:
                if (_levels.Count == MaxDepth)
                {
                    throw new SemanticErrorException(Current.Start, Current.End, "nested deeper than any configuration is");
                }

                level?.Turn();
                _levels.Push(new Level(IsMapping: Current is MappingStart));
                break;
            case MappingEnd or SequenceEnd:
                _levels.Pop();
                break;
            case Scalar or AnchorAlias:
                level?.Turn();
                break;
        }
    }

    /// <summary>Moves to the end of the node at which the parser is.</summary>
    private void Skip()
    {
        var depth = 0;
        do
        {
            depth += _parser.Current!.NestingIncrease;
            if (_levels.Count + depth > MaxDepth)
            {
                throw new SemanticErrorException(_parser.Current.Start, _parser.Current.End, "nested deeper than any configuration is");
            }
        } while (depth > 0 && _parser.MoveNext());
    }

    /// <summary>Refuses aliases of nothing, and more aliases than a configuration needs.</summary>
    private void Check()
    {
        if (Current is NodeEvent { Anchor.IsEmpty: false } named)
        {
            _anchors.Add(named.Anchor.Value);
        }
        else if (Current is AnchorAlias alias && !_anchors.Contains(alias.Value.Value))
        {
            throw new SemanticErrorException(alias.Start, alias.End, $"nothing before it is named '&{alias.Value.Value}'");
        }
        else if (Current is AnchorAlias && ++_aliases > MaxAliases)
        {
            throw new SemanticErrorException(Current.Start, Current.End, FormattableString.Invariant($"more than {MaxAliases} aliases"));
        }
    }

    /// <summary>A mapping or sequence that is open.</summary>
    private sealed record Level(bool IsMapping)
    {
        /// <summary>The keys so far, and where they stand.</summary>
        public Dictionary<string, Mark> Keys { get; } = new(StringComparer.Ordinal);

        /// <summary>What comes next is a key, not a value.</summary>
        public bool TakesKey { get; private set; } = IsMapping;

        /// <summary>A key or a value has been read.</summary>
        public void Turn() => TakesKey = IsMapping && !TakesKey;
    }
}

/// <summary>Reads a YAML file that anybody may have written: within bounds, and whatever is wrong with it is a problem with a place.</summary>
internal static class StrictYaml
{
    /// <summary>Reads the one document of a file.</summary>
    /// <param name="text">The file.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="found">Takes what is wrong with it.</param>
    /// <param name="root">The document, without what is wrong in it; null when there is none.</param>
    /// <returns>It is YAML; false comes with a problem.</returns>
    public static bool TryLoad(string text, string file, FileProblems found, out YamlNode? root)
    {
        var parser = new CheckedYamlParser(text, found);
        var yaml = new YamlStream();
        root = null;
        try
        {
            yaml.Load(parser);
            root = yaml.Documents.Count > 0 ? yaml.Documents[0].RootNode : null;
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The parser loses its way on some broken files and does not say where.
            found.Add(parser.Current?.End ?? new Mark(0, 1, 1), "is no YAML: something behind this place can't be understood.");
            return false;
        }
        catch (YamlException e)
        {
            // The parser blames the start of the mapping.
            var tab = e.Message.Contains(" tab ", StringComparison.Ordinal) ? TabAfter(text, (int)e.Start.Line) : 0;
            found.Add(
                tab > 0 ? new FilePosition(file, tab, 1) : found.At(e.Start),
                tab > 0 ? "is no YAML: this line is indented by a tab; use spaces." : $"is no YAML: {e.Message.TrimEnd('.')}."
            );
            return false;
        }
    }

    /// <summary>The first line from the given one on that is indented by a tab; 0 when there is none.</summary>
    private static int TabAfter(string text, int line)
    {
        var lines = text.Split('\n');
        return 1 + Array.FindIndex(lines, Math.Clamp(line - 1, 0, lines.Length), l => l.AsSpan(0, l.Length - l.TrimStart().Length).Contains('\t'));
    }
}
