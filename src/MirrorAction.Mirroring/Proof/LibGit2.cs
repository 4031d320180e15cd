using LibGit2Sharp;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Proof;

/// <summary>The native library, set up once for the whole process so that nothing but the repository at hand is read.</summary>
internal static class LibGit2
{
    private static readonly Lazy<string> s_name = new(SetUp);

    /// <summary>Loads the library and gives its name and version, as a report has it.</summary>
    /// <exception cref="MirrorException">It is not beside the program, or a library that it needs is not on the system.</exception>
    internal static string Load()
    {
        try
        {
            return s_name.Value;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new MirrorException(
                ErrorCode.Internal,
                $"libgit2, the second reader, cannot be loaded: {(e.InnerException ?? e).Message}",
                "Keep the file libgit2-….so (.dylib, .dll) beside the program; on Linux it needs glibc, libssl and libcrypto."
            );
        }
    }

    private static string SetUp()
    {
        // The files of the machine and of its user could change what is read, or name programs; a repository of this program names none.
        foreach (
            var level in (ConfigurationLevel[])
                [ConfigurationLevel.ProgramData, ConfigurationLevel.System, ConfigurationLevel.Xdg, ConfigurationLevel.Global]
        )
        {
            GlobalSettings.SetConfigSearchPaths(level, []);
        }

        // In a container the folder of temporary files may belong to someone else. What lies in ours is what this program wrote.
        GlobalSettings.SetOwnerValidation(false);

        // Each object is needed once. Kept, the small ones would take up to 256 MiB, and the walk would be no quicker.
        GlobalSettings.SetEnableCaching(false);

        // Whatever is read as commit, tree or tag is hashed and its name compared.
        GlobalSettings.SetStrictHashVerification(true);
        return $"libgit2 (LibGit2Sharp {GlobalSettings.Version.InformationalVersion.Split('+')[0]})";
    }
}
