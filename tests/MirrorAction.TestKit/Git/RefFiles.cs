using System.Text;

namespace MirrorAction.TestKit;

/// <summary>
/// The refs of a repository as its files have them (gitrepository-layout): a file is quicker to read than a program to start, and tests look at refs by
/// the thousand. What is not plain to read so is left to git: each method says so by null or false.
/// </summary>
/// <param name="folder">The repository's own folder, with <c>HEAD</c> in it.</param>
internal sealed class RefFiles(string folder)
{
    /// <summary>All refs by name; null where git has to be asked.</summary>
    public SortedDictionary<string, string>? All()
    {
        var refs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Packed())
        {
            if (line is [not '#' and not '^', ..] && line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space)
                refs[line[(space + 1)..]] = line[..space];
        }

        var root = Path.Combine(folder, "refs");
        try
        {
            foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            {
                var name = Path.GetRelativePath(folder, file);
                if (name.EndsWith(".lock", StringComparison.Ordinal))
                    continue;
                if (!Ascii.IsValid(name) || Value(file) is not { } id)
                    return null;
                refs[name] = id;
            }
        }
        catch (IOException)
        {
            // A program is at work there.
            return null;
        }

        return refs;
    }

    /// <summary>The value of a ref of this full name; null where there is none, or git has to be asked.</summary>
    public string? Find(string name)
    {
        var file = Path.Combine(folder, name);
        if (File.Exists(file))
            return Value(file);
        var end = ' ' + name;
        return Packed().FirstOrDefault(line => line.EndsWith(end, StringComparison.Ordinal))?[..^end.Length];
    }

    /// <summary>Writes a ref where nothing is in its way; else false, and nothing is done.</summary>
    public bool TryWrite(string name, string id)
    {
        // To git nothing but zeros means that there shall be none.
        if (!IsPlain(name) || !IsId(id) || id.All(c => c == '0'))
            return false;
        var file = Path.Combine(folder, name);
        if (Directory.Exists(file) || Packed().Any(line => Clashes(line, name)))
            return false;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, id + "\n");
            return true;
        }
        catch (IOException)
        {
            return false; // A ref has the name of the folder.
        }
    }

    /// <summary>Deletes a ref that is a file of its own; else false, and nothing is done.</summary>
    public bool TryDelete(string name)
    {
        var file = Path.Combine(folder, name);
        var end = ' ' + name;
        if (!IsPlain(name) || !File.Exists(file) || Packed().Any(line => line.EndsWith(end, StringComparison.Ordinal)))
            return false;
        File.Delete(file);
        return true;
    }

    private static bool IsPlain(string name) =>
        name.StartsWith("refs/", StringComparison.Ordinal)
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.')
        && name.Split('/').All(part => part.Length > 0 && part[0] != '.' && !part.EndsWith('.') && !part.EndsWith(".lock", StringComparison.Ordinal))
        && !name.Contains("..", StringComparison.Ordinal);

    private static bool Clashes(string line, string name)
    {
        var other = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        return other.StartsWith(name + '/', StringComparison.Ordinal) || name.StartsWith(other + '/', StringComparison.Ordinal);
    }

    private static string? Value(string file) => File.ReadAllText(file).TrimEnd('\n') is var id && IsId(id) ? id : null;

    internal static bool IsId(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The lines of the file of packed refs, with one character per byte (Latin-1); none where there is no such file.</summary>
    public string[] Packed() => Path.Combine(folder, "packed-refs") is var file && File.Exists(file) ? File.ReadAllLines(file, Encoding.Latin1) : [];
}
