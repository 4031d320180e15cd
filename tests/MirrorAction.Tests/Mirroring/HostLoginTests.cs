using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Tests.Mirroring;

public sealed class HostLoginTests
{
    private readonly List<GitLogin> _refused = [];
    private GitLogin? _current = new("x-access-token", "one");

    private HostLogin Login() =>
        new(
            _ => ValueTask.FromResult(_current),
            login =>
            {
                _refused.Add(login);
                return true;
            },
            isSource: true
        );

    [Fact]
    public async Task Login_of_the_moment_is_given_and_the_one_that_was_refused_is_told()
    {
        var login = Login();
        var first = (await login.GetAsync(default))!;
        (await login.GetAsync(default)).ShouldBeSameAs(first);

        login.Refuse(first).ShouldBeTrue();
        _refused.ShouldBe([new GitLogin("x-access-token", "one")]);

        _current = new GitLogin("x-access-token", "two");
        (await login.GetAsync(default)).ShouldNotBeSameAs(first);
        login.Refuse(first).ShouldBeTrue();
        _refused.Count.ShouldBe(1, "the host knows already");
    }

    [Fact]
    public async Task No_login_stays_none()
    {
        _current = null;

        (await Login().GetAsync(default)).ShouldBeNull();
    }

    [Theory]
    [InlineData(true, ErrorCode.SourceUnauthorized)]
    [InlineData(false, ErrorCode.DestinationUnauthorized)]
    public async Task Host_that_gives_no_token_is_named_by_its_side(bool isSource, ErrorCode code)
    {
        var failure = new HostFailure(HostFailureKind.Unauthorized, "Mend it.");
        var login = new HostLogin(_ => throw new HostException("No token.", failure), _ => false, isSource);

        var e = await Should.ThrowAsync<MirrorException>(() => login.GetAsync(default).AsTask());
        e.Error.Code.ShouldBe(code);
        e.Error.Hint.ShouldBe("Mend it.");
        e.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task Host_in_trouble_may_give_a_token_later()
    {
        var failure = new HostFailure(HostFailureKind.Unavailable, "Wait.");
        var login = new HostLogin(_ => throw new HostException("Down.", failure) { IsTransient = true }, _ => false, isSource: true);

        (await Should.ThrowAsync<MirrorException>(() => login.GetAsync(default).AsTask())).IsTransient.ShouldBeTrue();
    }
}
