using Microsoft.Win32.SafeHandles;

namespace MirrorAction.Hosting;

/// <summary>
/// Keeps the descriptors 0, 1 and 2 from becoming something else's. A system gives each new file, pipe or socket the lowest free number: to a program
/// started with <c>>&amp;-</c> that is "standard output", and its log would be written into whatever was opened first, the runtime's own signal pipe.
/// </summary>
internal static class StandardDescriptors
{
    private const int LastStandard = 2;
    private const string NullDevice = "/dev/null";

    // Held as long as the process: a handle that is collected frees its number.
    private static readonly List<SafeFileHandle> _held = [];

    /// <summary>
    /// Fills those that are closed with the null device, for reading only: what is written there still fails, as it did, and is noticed. To be called
    /// before anything else is opened.
    /// </summary>
    public static void Hold()
    {
        // Where there is no such device, as on Windows or in a bare chroot, the program runs as it would without this.
        while (File.Exists(NullDevice))
        {
            var handle = File.OpenHandle(NullDevice, share: FileShare.ReadWrite);
            if (handle.DangerousGetHandle() > LastStandard)
            {
                handle.Dispose();
                return;
            }

            _held.Add(handle);
        }
    }
}
