namespace MirrorAction.Inputs.Yaml;

/// <summary>A place in the configuration file. Line and column count from 1.</summary>
internal sealed record FilePosition(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{File}:{Line}:{Column}");
}
