namespace MirrorAction.Inputs;

/// <summary>The form of an input's value, as a user writes it.</summary>
internal enum InputKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>Items separated by comma or newline.</summary>
    List,

    /// <summary><c>true</c> or <c>false</c>, as YAML 1.2 spells them.</summary>
    Boolean,

    /// <summary>One of the allowed words.</summary>
    Choice,

    /// <summary>A whole number.</summary>
    WholeNumber,
}
