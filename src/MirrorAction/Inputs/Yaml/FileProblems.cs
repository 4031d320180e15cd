using YamlDotNet.Core;

namespace MirrorAction.Inputs.Yaml;

/// <summary>A place in the configuration file. Line and column count from 1.</summary>
internal sealed record FilePosition(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{File}:{Line}:{Column}");
}

/// <summary>Notes what is wrong with the configuration file, each with its place.</summary>
/// <param name="file">What messages call the file.</param>
/// <param name="problems">Where all problems of the configuration are collected.</param>
internal sealed class FileProblems(string file, ProblemList problems)
{
    /// <summary>Nobody reads more at once, and each costs time and log.</summary>
    private const int Max = 100;

    private int _count;

    /// <summary>The place that a mark of the parser means.</summary>
    public FilePosition At(Mark mark) => new(file, (int)mark.Line, (int)mark.Column);

    /// <summary>Notes a problem.</summary>
    /// <param name="mark">Where it is.</param>
    /// <param name="message">What was expected and how to mend it.</param>
    /// <param name="name">The setting that it is about; empty for none.</param>
    public void Add(Mark mark, string message, string name = "") => Add(At(mark), message, name);

    /// <summary>Notes a problem.</summary>
    public void Add(FilePosition position, string message, string name = "")
    {
        if (++_count <= Max)
        {
            problems.Add(Label(position, name), message, position);
        }
        else if (_count == Max + 1)
        {
            problems.Add(Label(position, ""), "there is more behind this place; mend the others first.", position);
        }
    }

    /// <summary>Reads a value. What is wrong with it becomes a problem, and the result is null.</summary>
    public T? Try<T>(ConfigValue? value, ActionInput<T> setting)
    {
        if (value is null)
        {
            return default;
        }

        try
        {
            return setting.Parse(value.Text);
        }
        catch (FormatException e)
        {
            Add(value.PlaceOf(e.Message, setting.Parse), e.Message, setting.Name);
            return default;
        }
    }

    /// <summary>What a message begins with.</summary>
    public static string Label(FilePosition position, string name) => name.Length == 0 ? position.ToString() : $"{position}: {name}";
}
