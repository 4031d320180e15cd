namespace MirrorAction.TestKit;

/// <summary>The files of the checkout that the tests run from.</summary>
public static class Checkout
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder below <see cref="Root"/>.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "MirrorAction.sln")))
                return folder;
        }

        throw new DirectoryNotFoundException($"No MirrorAction.sln above {AppContext.BaseDirectory}; tests run from a checkout.");
    }
}
