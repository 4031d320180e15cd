using System.Text;

namespace MirrorAction.Inputs;

/// <summary>A private key that is given by the path of its file: few shells can export a text of several lines.</summary>
internal static class PrivateKeyFile
{
    /// <summary>No key is as long.</summary>
    private const int MaxBytes = 64 * 1024;

    private const string Frame = "-----BEGIN ";

    /// <summary>What the file holds; null when the value is no path of a file with a key that can be read.</summary>
    public static string? TryRead(string? value)
    {
        if (value is null || value.Contains(Frame, StringComparison.Ordinal) || !File.Exists(value))
        {
            return null;
        }

        try
        {
            var text = Encoding.UTF8.GetString(OrdinaryFile.ReadBytes(value, MaxBytes));
            return text.Contains(Frame, StringComparison.Ordinal) ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null; // What is expected is told where the input is read.
        }
    }
}
