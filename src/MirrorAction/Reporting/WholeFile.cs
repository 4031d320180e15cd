namespace MirrorAction.Reporting;

/// <summary>Writes files of which a reader finds the whole or nothing.</summary>
internal static class WholeFile
{
    /// <summary>Writes the file under another name first, and renames it then. Makes the folder where there is none.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="write">Writes its contents.</param>
    /// <exception cref="IOException">The folder can't be made or the file not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = File.Create(unfinished))
            {
                write(file);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
