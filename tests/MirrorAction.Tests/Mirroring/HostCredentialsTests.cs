using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Tests.Mirroring;

public sealed class HostCredentialsTests
{
    [Fact]
    public async Task Credential_of_the_moment_is_given_and_a_refusal_reaches_the_host()
    {
        var host = new Host { Current = HttpCredential.Basic("x-access-token", "one") };
        var credentials = new HostCredentials(host, isSource: true);
        var first = (await credentials.GetAsync(default))!;

        credentials.Refuse(first).ShouldBeTrue();
        host.Refused.ShouldBe([first]);

        host.Current = HttpCredential.Basic("x-access-token", "two");
        (await credentials.GetAsync(default)).ShouldBe(host.Current);
    }

    [Fact]
    public async Task No_credential_stays_none() => (await new HostCredentials(new Host(), isSource: true).GetAsync(default)).ShouldBeNull();

    [Theory]
    [InlineData(true, ErrorCode.SourceUnauthorized)]
    [InlineData(false, ErrorCode.DestinationUnauthorized)]
    public async Task Host_that_gives_no_token_is_named_by_its_side(bool isSource, ErrorCode code)
    {
        var failure = new HostFailure(HostFailureKind.Unauthorized, "Mend it.");
        var credentials = new HostCredentials(new Host { Failure = new HostException("No token.", failure) }, isSource);

        var e = await Should.ThrowAsync<MirrorException>(() => credentials.GetAsync(default).AsTask());
        e.Error.Code.ShouldBe(code);
        e.Error.Hint.ShouldBe("Mend it.");
        e.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task Host_in_trouble_may_give_a_token_later()
    {
        var failure = new HostFailure(HostFailureKind.Unavailable, "Wait.");
        var host = new Host { Failure = new HostException("Down.", failure) { IsTransient = true } };

        var e = await Should.ThrowAsync<MirrorException>(() => new HostCredentials(host, isSource: true).GetAsync(default).AsTask());
        e.IsTransient.ShouldBeTrue();
    }

    private sealed class Host : ICredentialProvider
    {
        public HttpCredential? Current { get; set; }

        public HostException? Failure { get; init; }

        public List<HttpCredential> Refused { get; } = [];

        public ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken) =>
            Failure is null ? ValueTask.FromResult(Current) : throw Failure;

        public bool Refuse(HttpCredential credential)
        {
            Refused.Add(credential);
            return true;
        }
    }
}
