namespace MirrorAction.Compare;

/// <summary>The folder of the project's sources.</summary>
internal static class RepositoryRoot
{
    /// <summary>Goes up from where this program was built.</summary>
    /// <exception cref="DirectoryNotFoundException">It was built outside the sources.</exception>
    internal static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MirrorAction.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds MirrorAction.sln.");
    }
}
