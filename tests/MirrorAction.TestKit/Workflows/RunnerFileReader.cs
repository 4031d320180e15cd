namespace MirrorAction.TestKit;

/// <summary>Reads what a step wrote to <c>GITHUB_OUTPUT</c>.</summary>
/// <remarks><code>file = *( name "=" value LF / name "&lt;&lt;" delimiter LF *( line LF ) delimiter LF / LF )</code></remarks>
public static class RunnerFileReader
{
    /// <summary>The values by their names; a later one takes the place of an earlier.</summary>
    /// <exception cref="WorkflowException">A line has no name, or a delimiter does not come back.</exception>
    public static IReadOnlyDictionary<string, string> Read(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var (line, equals, heredoc) = (
                lines[i],
                lines[i].IndexOf('=', StringComparison.Ordinal),
                lines[i].IndexOf("<<", StringComparison.Ordinal)
            );
            if (line.Length == 0)
                continue;
            if (heredoc > 0 && (equals < 0 || heredoc < equals))
            {
                var end = Array.IndexOf(lines, line[(heredoc + 2)..], i + 1);
                if (end < 0)
                    throw new WorkflowException($"`{line}`: the delimiter does not come back.");
                values[line[..heredoc]] = string.Join('\n', lines[(i + 1)..end]);
                i = end;
            }
            else if (equals > 0)
            {
                values[line[..equals]] = line[(equals + 1)..];
            }
            else
            {
                throw new WorkflowException($"`{line}` is neither name=value nor name<<delimiter.");
            }
        }

        return values;
    }
}
