using System.Net;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>What a source says, or leaves unsaid, that cannot read an object of its own. Then other refs of it may well be read.</summary>
public static class SourceFault
{
    private static readonly string[] s_words =
    [
        "repository corruption",
        "bad object",
        "bad tree object",
        "unable to read",
        "could not read",
        "unable to parse",
        "is corrupt",
        "missing tree",
        "missing blob",
        "missing commit",
        "missing unknown",
        "revision walk setup failed",
        "unable to get",
    ];

    /// <summary>It says so itself: asking again brings the same.</summary>
    public static bool IsPlain(GitException exception) =>
        exception is GitRemoteException { Service: GitService.UploadPack, Status: null, IsNotOurRef: false } refusal
        && Array.Exists(s_words, word => $"{refusal.Message} {refusal.RemoteMessage}".Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>It names the object, so that the fault is about the refs that need it and no others.</summary>
    internal static bool IsOfAnObject(GitException exception) => IsPlain(exception) || exception is GitRemoteException { IsNotOurRef: true };

    /// <summary>
    /// It may mean that, if repetitions bring the same: git's refusal of one object, an answer that its server ended before git did, an error of the
    /// program behind the server. Never a broken connection, nor a host in trouble.
    /// </summary>
    public static bool IsPossible(GitException exception) =>
        exception
            is { Service: GitService.UploadPack }
                and (
                    GitRemoteException { Status: null or HttpStatusCode.InternalServerError, IsPage: false }
                    or GitTransportException { IsBrokenOff: true }
                )
        && !RefusalWords.AreAboutTheMachine(exception.Message);
}
