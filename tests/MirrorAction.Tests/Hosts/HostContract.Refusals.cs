using System.Globalization;
using Microsoft.AspNetCore.Http;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts;

public abstract partial class HostContract
{
    [Theory]
    [InlineData(400, null)]
    [InlineData(401, HostFailureKind.Unauthorized)]
    [InlineData(403, HostFailureKind.Forbidden)]
    [InlineData(404, HostFailureKind.NotFound)]
    [InlineData(409, null)]
    [InlineData(410, null)]
    [InlineData(422, HostFailureKind.Protocol)]
    [InlineData(501, HostFailureKind.Unavailable)]
    public async Task Refusal_is_final_and_says_what_the_server_said(int status, HostFailureKind? kind)
    {
        FirstPage().Always(status, Refusal("The words of the server"));

        var e = await ListingFailsAsync();
        e.Status.ShouldBe(status);
        e.IsTransient.ShouldBeFalse();
        e.Failure.Kind.ShouldBe(kind ?? e.Failure.Kind);
        e.Message.ShouldContain("The words of the server");
        PageRequests.Count.ShouldBe(status == 401 ? TriesAfterUnauthorized : 1);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Temporary_refusal_is_followed_by_another_try(int status)
    {
        var route = FirstPage().Reply(status, Refusal("later")).Reply(status, "later, in plain text");
        ReplyPage(route, null, "a");

        (await ListAsync()).ShouldBe(["a"]);
        Time.Skipped.Count.ShouldBe(2);
        Said.ShouldNotBeEmpty();
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task Web_page_instead_of_json_is_followed_by_another_try(int status)
    {
        var route = FirstPage().Reply(status, "<!DOCTYPE html><html><body>Unicorn!</body></html>");
        ReplyPage(route, null, "a");

        (await ListAsync()).ShouldBe(["a"]);
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Host_that_stays_in_trouble_is_given_up_after_five_tries()
    {
        FirstPage().Always(502, "<html>Bad gateway</html>");

        var e = await ListingFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Unavailable);
        e.IsTransient.ShouldBeTrue();
        e.Message.ShouldNotContain("<");
        PageRequests.Count.ShouldBe(1 + RestClient.MaxRetries);
    }

    [Fact]
    public async Task Broken_connection_is_followed_by_another_try()
    {
        var route = FirstPage()
            .Break()
            .Reply(async context =>
            {
                context.Response.ContentLength = 1000;
                await context.Response.WriteAsync("[");
                await context.Response.Body.FlushAsync();
                context.Abort();
            });
        ReplyPage(route, null, "a");

        (await ListAsync()).ShouldBe(["a"]);
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Host_that_cannot_be_reached_is_unavailable()
    {
        FirstPage();
        await Stub.DisposeAsync();

        var e = await ListingFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Unavailable);
        e.Status.ShouldBeNull();
        e.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task Silent_host_is_given_up_after_the_time_limit_and_tried_again()
    {
        var reached = new TaskCompletionSource();
        var route = FirstPage()
            .Reply(async context =>
            {
                reached.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            });
        ReplyPage(route, null, "a");

        var listing = ListAsync();
        await reached.Task;
        Time.Advance(RestClient.IdleTimeout);

        (await listing).ShouldBe(["a"]);
        Said.ShouldContain(line => line.Contains("no byte of an answer for 100 s"));
    }

    [Fact]
    public async Task Cancelled_listing_ends_at_once()
    {
        using var stop = new CancellationTokenSource();
        FirstPage()
            .Reply(async context =>
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            });

        await Should.ThrowAsync<OperationCanceledException>(() => ListAsync(cancellationToken: stop.Token));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("DATE+90", 90)]
    [InlineData("DATE-90", 60)]
    [InlineData("soon", 60)]
    [InlineData("-5", 60)]
    [InlineData("99999999999999999999", 60)]
    [InlineData(null, 60)]
    public async Task Each_form_of_retry_after_is_honoured(string? value, int seconds)
    {
        (string, string)[] headers = value is null ? [] : [("Retry-After", Date(value))];
        var route = FirstPage().Reply(429, Refusal("Too many requests"), headers);
        ReplyPage(route, null, "a");

        (await ListAsync()).ShouldBe(["a"]);
        Time.Skipped.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait).ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public async Task Wait_for_a_rate_limit_is_announced_with_its_end()
    {
        var route = FirstPage().Reply(429, Refusal("Too many requests"), ("Retry-After", "8040"));
        ReplyPage(route, null, "a");

        await ListAsync();

        Said.ShouldContain(line => line.EndsWith(" rate limit: resuming at 02:14 UTC", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pause_doubles_while_the_host_names_none()
    {
        FirstPage().Always(429, Refusal("Too many requests"));

        var e = await ListingFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.RateLimited);
        Time.Skipped.Select(wait => wait.TotalMinutes).ShouldBe([1, 2, 4, 8]);
    }

    [Fact]
    public async Task Wait_that_would_outlast_the_run_is_a_failure_that_names_its_end()
    {
        FirstPage().Reply(429, Refusal("Too many requests"), ("Retry-After", "3600"));

        var e = await ListingFailsAsync(Time.GetUtcNow() + TimeSpan.FromMinutes(30));
        e.Failure.Kind.ShouldBe(HostFailureKind.RateLimited);
        e.RetryAt.ShouldBe(Time.GetUtcNow() + TimeSpan.FromHours(1));
        e.IsTransient.ShouldBeTrue();
        Time.Skipped.ShouldBeEmpty();
    }

    [Fact]
    public async Task Secrets_that_the_server_repeats_are_not_shown()
    {
        FirstPage()
            .Reply(async context =>
            {
                context.Response.StatusCode = 403;
                var sent = context.Request.Headers.Authorization.ToString();
                await context.Response.WriteAsync(Refusal($"You sent {sent} with {Token} and {Uri.EscapeDataString(Token)}"));
            });

        var e = await ListingFailsAsync();
        e.Message.ShouldContain("***");
        e.ToString().ShouldNotContain(Uri.EscapeDataString(Token));
        e.ToString().ShouldNotContain(Stub.Requests[^1].Header("Authorization")!.Split(' ')[1]);
    }

    [Fact]
    public async Task Text_of_the_server_is_fit_to_be_printed()
    {
        FirstPage().Reply(403, Refusal("""one\n::error::two \u001b[31mred\u001b[0m \u202Eback\u2066 \u0007bell"""));

        (await ListingFailsAsync()).Message.ShouldEndWith("one ::error::two red back bell.");
    }

    [Fact]
    public async Task Long_refusal_is_cut()
    {
        FirstPage().Reply(403, new string('x', 1024 * 1024));

        (await ListingFailsAsync()).Message.Length.ShouldBeLessThan(700);
    }

    private string Date(string value) =>
        value.StartsWith("DATE", StringComparison.Ordinal)
            ? (Time.GetUtcNow() + TimeSpan.FromSeconds(int.Parse(value[4..], CultureInfo.InvariantCulture))).ToString("R")
            : value;
}
