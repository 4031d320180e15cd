using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Backup;

/// <summary>Says what the disk refused, where, and what to do about it.</summary>
internal static class DiskFailure
{
    /// <summary>Out of space or of quota, as Linux, macOS and Windows count their errors (ENOSPC, EDQUOT, ERROR_DISK_FULL).</summary>
    private static readonly int[] s_full = [28, 122, 69, unchecked((int)0x80070070)];

    /// <summary>Locked by another process (EAGAIN, EWOULDBLOCK, ERROR_SHARING_VIOLATION).</summary>
    private static readonly int[] s_locked = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Whether the disk, and not a host, refused.</summary>
    internal static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Whether another process holds the file.</summary>
    internal static bool IsLocked(IOException exception) => s_locked.Contains(exception.HResult);

    /// <summary>The failure for the report.</summary>
    internal static MirrorException Explain(Exception exception, string path)
    {
        var message = $"{path}: {exception.Message}";
        return exception switch
        {
            UnauthorizedAccessException => new(
                ErrorCode.DestinationForbidden,
                message,
                "Give the user who runs this the right to write there, or choose another 'backup-dir'."
            ),
            IOException when s_full.Contains(exception.HResult) => new(
                ErrorCode.DestinationQuota,
                message,
                "The disk is full: make room, keep fewer chains with 'keep', or choose another 'backup-dir'. What was there before is whole."
            ),
            _ => new(
                ErrorCode.DestinationNotFound,
                message,
                "Folders of a backup can't be made or read there: is a file in the way, or a disk not mounted?"
            ),
        };
    }
}
