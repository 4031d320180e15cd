using System.Net;
using MirrorAction.Git.Model;

namespace MirrorAction.Tests.Git;

public sealed class GitExceptionTests
{
    public static TheoryData<GitException, bool> Transience =>
        new()
        {
            { new GitProtocolException("x"), false },
            { new GitTransportException("x"), true },
            {
                new GitTransportException("x") { IsTimeout = true },
                true
            },
            { new GitRemoteException("x"), false },
            {
                new GitRemoteException("x") { RemoteMessage = "access denied" },
                false
            },
            {
                new GitRemoteException("x") { RemoteMessage = "upload-pack: not our ref 1234" },
                true
            },
            {
                new GitRemoteException("x") { Status = HttpStatusCode.Unauthorized },
                false
            },
            {
                new GitRemoteException("x") { Status = HttpStatusCode.Forbidden },
                false
            },
            {
                new GitRemoteException("x") { Status = HttpStatusCode.RequestTimeout },
                true
            },
            {
                new GitRemoteException("x") { Status = HttpStatusCode.TooManyRequests },
                true
            },
            {
                new GitRemoteException("x") { Status = HttpStatusCode.InternalServerError },
                true
            },
            {
                new GitRemoteException("x") { Status = HttpStatusCode.GatewayTimeout },
                true
            },
        };

    [Theory]
    [MemberData(nameof(Transience))]
    public void What_may_pass_by_itself_is_transient(GitException exception, bool isTransient) => exception.IsTransient.ShouldBe(isTransient);

    [Fact]
    public void Innermost_conversation_is_the_one_that_failed()
    {
        var exception = new GitTransportException("x");

        exception.In(GitService.UploadPack).ShouldBeFalse();
        exception.In(GitService.ReceivePack).ShouldBeFalse();

        exception.Service.ShouldBe(GitService.UploadPack);
    }
}
