namespace MirrorAction.TestKit;

/// <summary>The part of a page that a program writes: the lines between <c>&lt;!-- NAME … --></c> and <c>&lt;!-- /NAME --></c>.</summary>
public static class MarkedBlock
{
    /// <summary>The lines between the marks.</summary>
    /// <exception cref="InvalidDataException">The page has no such marks.</exception>
    public static string Read(string path, string name)
    {
        var text = File.ReadAllText(path);
        return text[Between(text, path, name)];
    }

    /// <summary>Puts other lines between the marks and leaves the rest of the page as it is.</summary>
    /// <exception cref="InvalidDataException">The page has no such marks.</exception>
    public static void Write(string path, string name, string lines)
    {
        var text = File.ReadAllText(path);
        var (start, length) = Between(text, path, name).GetOffsetAndLength(text.Length);
        File.WriteAllText(path, text[..start] + lines + text[(start + length)..]);
    }

    private static Range Between(string text, string path, string name)
    {
        var mark = text.IndexOf($"<!-- {name}", StringComparison.Ordinal);
        var start = mark < 0 ? -1 : text.IndexOf('\n', mark) + 1;
        var end = text.IndexOf($"<!-- /{name} -->", StringComparison.Ordinal);
        return start > 0 && end >= start
            ? start..end
            : throw new InvalidDataException($"{path} has no lines between <!-- {name} --> and <!-- /{name} -->.");
    }
}
