using System.Net;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Tests.Git;

public sealed class SourceFaultTests
{
    [Theory]
    [InlineData("aborting due to possible repository corruption on the remote side.")]
    [InlineData("fatal: bad tree object 380945ca096ae1adc65d6a6c48279dc89ccf5c83")]
    [InlineData("fatal: unable to read 587be6b4c3f93f93c489c0111bba5596147a26cb")]
    [InlineData("fatal: loose object 587be6b4 (stored in ./objects/58/7be6b4) is corrupt")]
    [InlineData("Missing unknown 587be6b4c3f93f93c489c0111bba5596147a26cb")]
    public void A_source_that_says_so_cannot_read_an_object(string words)
    {
        SourceFault.IsPlain(Of(GitService.UploadPack, words)).ShouldBeTrue();
        SourceFault.IsPlain(Of(GitService.ReceivePack, words)).ShouldBeFalse();
        SourceFault.IsPlain(Of(GitService.UploadPack, words, HttpStatusCode.Forbidden)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("upload-pack: not our ref 587be6b4c3f93f93c489c0111bba5596147a26cb", null, false, true)] // Its refs may have moved.
    [InlineData("unexpected line", null, false, true)]
    [InlineData("Internal server error", HttpStatusCode.InternalServerError, false, true)]
    [InlineData("fatal: out of memory, malloc failed", null, false, false)]
    [InlineData("GitLab is currently unable to handle this request due to load", null, false, false)]
    [InlineData("Bad gateway", HttpStatusCode.BadGateway, false, false)]
    [InlineData("Too many requests", HttpStatusCode.TooManyRequests, false, false)]
    public void What_else_may_mean_that_does_so_only_after_repetition(string words, HttpStatusCode? status, bool isPlain, bool isPossible)
    {
        var e = Of(GitService.UploadPack, words, status);

        (SourceFault.IsPlain(e), SourceFault.IsPossible(e)).ShouldBe((isPlain, isPossible));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_connection_that_breaks_is_no_fault_of_an_object(bool isBrokenOff)
    {
        var e = new GitTransportException("The connection broke.") { IsBrokenOff = isBrokenOff };
        _ = e.In(GitService.UploadPack);

        (SourceFault.IsPlain(e), SourceFault.IsPossible(e)).ShouldBe((false, isBrokenOff));
    }

    private static GitRemoteException Of(GitService service, string words, HttpStatusCode? status = null)
    {
        var e = new GitRemoteException($"It gave up: {words}") { RemoteMessage = words, Status = status };
        _ = e.In(service);
        return e;
    }
}
