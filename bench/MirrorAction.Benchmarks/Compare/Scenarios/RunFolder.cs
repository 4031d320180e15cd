namespace MirrorAction.Benchmarks.Compare.Scenarios;

/// <summary>The files of one run of a tool.</summary>
internal sealed class RunFolder
{
    private readonly string _folder;

    internal RunFolder(string folder, IEnumerable<(string Name, string Source, string Destination)> repositories)
    {
        _folder = folder;
        Directory.CreateDirectory(Work);
        Directory.CreateDirectory(Clones);
        File.WriteAllLines(Repositories, repositories.Select(repository => $"{repository.Name} {repository.Source} {repository.Destination}"));
    }

    /// <summary>An empty folder to work in.</summary>
    internal string Work => Path.Combine(_folder, "work");

    /// <summary>Clones from the last run, as <c>NAME.git</c>; empty before the first.</summary>
    internal string Clones => Path.Combine(_folder, "clones");

    /// <summary>A file with a line for each repository: its name, the URL of the source, the URL of the mirror, both with user and token.</summary>
    internal string Repositories => Path.Combine(_folder, "repositories");

    /// <summary>Another file beside them.</summary>
    internal string this[string name] => Path.Combine(_folder, name);
}
