using MirrorAction.Hosting;

namespace MirrorAction.Tests.Runner;

public sealed class LastResortTests
{
    [Fact]
    public async Task Failure_before_there_is_a_log_is_named_but_not_quoted()
    {
        using var errors = new StringWriter();

        (await LastResort.GuardAsync(() => throw new InvalidOperationException("ghp_0123456789"), errors)).ShouldBe(3);

        errors.ToString().ShouldContain("InvalidOperationException");
        errors.ToString().ShouldNotContain("ghp_");
    }

    [Fact]
    public async Task Exit_code_of_the_work_is_passed_on() => (await LastResort.GuardAsync(() => Task.FromResult(2))).ShouldBe(2);
}
