using System.Runtime.CompilerServices;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>
/// Compares text with a file beside the test, <c>NAME.snap</c>. <c>UPDATE_SNAPSHOTS=1</c> writes the file; where <c>CI</c> is set it is only ever
/// read, so that nothing approves itself.
/// </summary>
public static class Snapshot
{
    /// <summary>Whether files are to be written anew instead of compared.</summary>
    public static bool IsRewritten { get; } =
        Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1" && Environment.GetEnvironmentVariable("CI") is null or "";

    /// <summary>Fails unless the text equals the file's.</summary>
    /// <exception cref="SnapshotException">There is no file yet, or it says something else.</exception>
    public static void Match(string actual, string name, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(FolderOf(testFile), name + ".snap");
        var text = actual.ReplaceLineEndings("\n");
        if (IsRewritten)
        {
            File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }

        var expected = File.Exists(path)
            ? File.ReadAllText(path)
            : throw new SnapshotException($"There is no {path}. UPDATE_SNAPSHOTS=1 makes it of:\n{text}");
        if (text != expected)
        {
            throw new SnapshotException(
                $"{path} says something else. UPDATE_SNAPSHOTS=1 takes the new text over.\n{FirstDifference(expected.Split('\n'), text.Split('\n'))}"
            );
        }
    }

    /// <summary>The test's folder in this checkout, even if the compiler was told to write other paths into the program.</summary>
    private static string FolderOf(string testFile)
    {
        var unix = testFile.Replace('\\', '/');
        var below = unix[unix.LastIndexOf("/tests/", StringComparison.Ordinal)..];
        return Path.GetDirectoryName(Checkout.Root + below)!;
    }

    private static string FirstDifference(string[] expected, string[] actual)
    {
        var line = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"Line {line + 1}\n  expected: {expected.ElementAtOrDefault(line) ?? "(end)"}\n  actual:   {actual.ElementAtOrDefault(line) ?? "(end)"}";
    }
}

/// <summary>A text is not what its snapshot says.</summary>
public sealed class SnapshotException(string message) : Exception(message);
