using System.Net;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;
using MirrorAction.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Tests.Mirroring;

public sealed class FailureTranslatorTests
{
    [Theory]
    [InlineData(401, ErrorCode.SourceUnauthorized, ErrorCode.DestinationUnauthorized)]
    [InlineData(403, ErrorCode.SourceForbidden, ErrorCode.DestinationForbidden)]
    [InlineData(404, ErrorCode.SourceNotFound, ErrorCode.DestinationNotFound)]
    [InlineData(410, ErrorCode.SourceNotFound, ErrorCode.DestinationNotFound)]
    [InlineData(413, ErrorCode.TooLarge, ErrorCode.TooLarge)]
    [InlineData(429, ErrorCode.RateLimited, ErrorCode.RateLimited)]
    [InlineData(408, ErrorCode.Timeout, ErrorCode.Timeout)]
    [InlineData(504, ErrorCode.Timeout, ErrorCode.Timeout)]
    [InlineData(500, ErrorCode.Network, ErrorCode.Network)]
    [InlineData(418, ErrorCode.Protocol, ErrorCode.Protocol)]
    [InlineData(0, ErrorCode.Protocol, ErrorCode.RefRejected)]
    public void Status_is_told_by_the_side_that_gave_it(int status, ErrorCode source, ErrorCode destination)
    {
        Code(Refusal(status, GitService.UploadPack)).ShouldBe(source);
        Code(Refusal(status, GitService.ReceivePack)).ShouldBe(destination);
    }

    public static TheoryData<Exception, ErrorCode> Others =>
        new()
        {
            { new GitProtocolException("x"), ErrorCode.Protocol },
            { new GitTransportException("x"), ErrorCode.Network },
            {
                new GitTransportException("x") { IsTimeout = true },
                ErrorCode.Timeout
            },
            { new OperationCanceledException(), ErrorCode.Cancelled },
            { new InvalidOperationException("x"), ErrorCode.Internal },
            { new MirrorException(ErrorCode.PruneGuard, "x", null), ErrorCode.PruneGuard },
            { new HostException("x", new HostFailure(HostFailureKind.Quota, "Upgrade.")), ErrorCode.DestinationQuota },
        };

    [Theory]
    [MemberData(nameof(Others))]
    public void Every_exception_has_its_code(Exception exception, ErrorCode code) => Code(exception).ShouldBe(code);

    [Theory]
    [InlineData(HostFailureKind.Unauthorized, ErrorCode.SourceUnauthorized, ErrorCode.DestinationUnauthorized)]
    [InlineData(HostFailureKind.Forbidden, ErrorCode.SourceForbidden, ErrorCode.DestinationForbidden)]
    [InlineData(HostFailureKind.Disabled, ErrorCode.SourceForbidden, ErrorCode.DestinationForbidden)]
    [InlineData(HostFailureKind.Blocked, ErrorCode.SourceForbidden, ErrorCode.DestinationForbidden)]
    [InlineData(HostFailureKind.NotFound, ErrorCode.SourceNotFound, ErrorCode.DestinationNotFound)]
    [InlineData(HostFailureKind.Quota, ErrorCode.DestinationQuota, ErrorCode.DestinationQuota)]
    [InlineData(HostFailureKind.TooLarge, ErrorCode.TooLarge, ErrorCode.TooLarge)]
    [InlineData(HostFailureKind.RefRejected, ErrorCode.RefRejected, ErrorCode.RefRejected)]
    [InlineData(HostFailureKind.RateLimited, ErrorCode.RateLimited, ErrorCode.RateLimited)]
    [InlineData(HostFailureKind.Unavailable, ErrorCode.Network, ErrorCode.Network)]
    [InlineData(HostFailureKind.Protocol, ErrorCode.Protocol, ErrorCode.Protocol)]
    public void Hosts_own_meaning_comes_first(HostFailureKind kind, ErrorCode source, ErrorCode destination)
    {
        var job = Job with { ExplainSource = (_, _) => new HostFailure(kind, "hint"), ExplainDestination = (_, _) => new HostFailure(kind, "hint") };

        FailureTranslator.ToError(Refusal(404, GitService.UploadPack), job).ShouldBe(new RepositoryError(source, "refused", "hint"));
        FailureTranslator.ToError(Refusal(404, GitService.ReceivePack), job).ShouldBe(new RepositoryError(destination, "refused", "hint"));
    }

    [Theory]
    [InlineData(HostFailureKind.Blocked, GitService.UploadPack, SkipReason.Blocked)]
    [InlineData(HostFailureKind.Disabled, GitService.UploadPack, SkipReason.Disabled)]
    [InlineData(HostFailureKind.Forbidden, GitService.UploadPack, null)]
    [InlineData(HostFailureKind.Blocked, GitService.ReceivePack, null)]
    public void Blocked_source_is_skipped_and_no_failure(HostFailureKind kind, GitService service, SkipReason? reason) =>
        FailureTranslator.ToSkipReason(Refusal(451, service), Job with { ExplainSource = (_, _) => new HostFailure(kind, "hint") }).ShouldBe(reason);

    [Theory]
    [InlineData(404, GitService.UploadPack, SkipReason.NoWiki)]
    [InlineData(410, GitService.UploadPack, SkipReason.NoWiki)]
    [InlineData(401, GitService.UploadPack, null)]
    [InlineData(403, GitService.UploadPack, null)]
    [InlineData(503, GitService.UploadPack, null)]
    [InlineData(404, GitService.ReceivePack, null)]
    public void Wiki_is_missing_only_where_git_says_that_it_is_not_there(int status, GitService service, SkipReason? reason)
    {
        FailureTranslator.ToSkipReason(Refusal(status, service), Job with { IsWiki = true }).ShouldBe(reason);
        FailureTranslator.ToSkipReason(Refusal(status, service), Job).ShouldBeNull();
    }

    [Theory]
    [InlineData(ConnectionFault.Certificate, "certificate authority", "plain HTTP")]
    [InlineData(ConnectionFault.CertificateName, "another name", "certificate authority")]
    [InlineData(ConnectionFault.NoTls, "plain HTTP", "certificate")]
    public void Connection_that_is_not_secure_has_its_cure(ConnectionFault fault, string hint, string notHint)
    {
        var error = FailureTranslator.ToError(new GitTransportException("x") { Fault = fault }, Job);

        error.Code.ShouldBe(ErrorCode.Network);
        error.Hint.ShouldNotBeNull().ShouldContain(hint);
        error.Hint.ShouldNotContain(notHint);
        new GitTransportException("x") { Fault = fault }.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public void Limit_of_a_push_is_raised_only_where_it_is_an_input()
    {
        var exception = new PackTooLargeException("x");

        FailureTranslator.ToError(exception, Job).Hint.ShouldNotBeNull().ShouldNotContain("push-limit");
        FailureTranslator
            .ToError(exception, Job with { Overwrites = OverwritePolicy.ForwardOnly })
            .Hint.ShouldNotBeNull()
            .ShouldContain("'push-limit'");
    }

    private static RepositoryJob Job =>
        new()
        {
            SourceName = "acme/website",
            DestinationName = "acme-mirror/website",
            Source = new GitEndpoint(new Uri("https://github.com/acme/website.git")),
            Destination = new GitEndpoint(new Uri("https://bitbucket.org/acme-mirror/website.git")),
            Options = new RefOptions(),
        };

    private static ErrorCode Code(Exception exception) => FailureTranslator.ToError(exception, Job).Code;

    private static GitRemoteException Refusal(int status, GitService service)
    {
        var e = new GitRemoteException("refused") { Status = status == 0 ? null : (HttpStatusCode)status };
        e.In(service).ShouldBeFalse();
        return e;
    }
}
