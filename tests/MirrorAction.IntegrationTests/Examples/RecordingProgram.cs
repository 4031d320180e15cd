using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>A program that writes down how it was called, to be put in front of the PATH under the name of another.</summary>
public sealed class RecordingProgram : IDisposable
{
    private readonly TempFolder _folder = new("program-");

    /// <param name="name">Its name.</param>
    /// <param name="exitCode">How it ends.</param>
    public RecordingProgram(string name, int exitCode = 0)
    {
        var file = Path.Combine(_folder.CreateFolder("bin"), name);
        File.WriteAllText(
            file,
            $"#!/bin/sh\nprintf '%s\\n' \"$@\" >>'{_folder["arguments"]}'\nprintf %s \"$GH_TOKEN\" >'{_folder["token"]}'\nexit {exitCode}\n"
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
    }

    /// <summary>What goes in front of the PATH.</summary>
    public string Folder => _folder["bin"];

    /// <summary>The arguments of its call; none when it was not called.</summary>
    public IReadOnlyList<string> Arguments => File.Exists(_folder["arguments"]) ? File.ReadAllLines(_folder["arguments"]) : [];

    /// <summary>The token that it was given by the environment.</summary>
    public string TokenSeen => File.ReadAllText(_folder["token"]);

    public void Dispose() => _folder.Dispose();
}
