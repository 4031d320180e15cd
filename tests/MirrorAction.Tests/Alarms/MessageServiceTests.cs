using MirrorAction.Alarms;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Alarms;

/// <summary>What each service is sent, judged by a stand-in with the real one's limits.</summary>
public sealed class MessageServiceTests
{
    public static TheoryData<string, string> Services => AlarmSamples.Services;

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Service_is_told_by_its_address_and_takes_what_failed(string name, string url)
    {
        var message = await SendAsync(url, Sample.Varied());

        message.Service.ShouldBe(name);
        message.Text.ShouldContain("acme → acme-mirror: 1 of 6 repositories failed");
        message.Text.ShouldContain("acme/secret-plans: Bitbucket refused the push.");
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Nothing_that_is_quoted_calls_anybody_or_is_markup(string name, string url)
    {
        var message = await SendAsync(url, AlarmSamples.Hostile());

        message.Calls.ShouldBeFalse(message.Text);
        message.Text.ShouldContain("acme/bad", customMessage: name);
        message.Text.ShouldNotContain('\u001b');
        message.Text.ShouldNotContain('\u202e');
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Largest_run_stays_below_the_limits_of_each_service(string name, string url)
    {
        var message = await SendAsync(url, AlarmSamples.Large());

        message.Text.ShouldContain("5000 of 5000 repositories failed", customMessage: name);
        message.Text.ShouldContain("repository-0");
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Long_names_of_owners_leave_room_for_the_verdict(string name, string url)
    {
        var report = Sample.Varied() with { Source = new("github", [.. Enumerable.Range(0, 50).Select(i => $"organisation-{i}")]) };

        (await SendAsync(url, report)).Text.ShouldContain("1 of 6 repositories failed", customMessage: name);
    }

    [Theory]
    [InlineData("https://hooks.slack.com.evil.example/services/x", "JSON")]
    [InlineData("https://ntfy.acme.example/topic", "ntfy")]
    [InlineData("http://127.0.0.1:8081/bot1:x/sendMessage?chat_id=1", "Telegram")]
    [InlineData("https://ptb.discord.com/api/v10/webhooks/1/x", "Discord")]
    [InlineData("https://default0.11.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/0/triggers/manual", "Teams")]
    [InlineData("https://mattermost.acme.example/hooks/xyz", "JSON")]
    public void Services_have_more_addresses_than_one(string url, string name) => MessageService.Of(new(url)).Name.ShouldBe(name);

    [Theory]
    [InlineData(5, "a\n…")]
    [InlineData(10, "a\n…")]
    [InlineData(12, "a\nbbbbbbbb")]
    public void Text_is_cut_between_lines(int max, string expected) => AlarmText.Fit(["a", "bbbbbbbb"], max).ShouldBe(expected);

    [Fact]
    public void Line_that_is_too_long_by_itself_is_cut_between_characters() => AlarmText.Fit(["😀😀😀"], 9, AlarmText.Bytes).ShouldBe("😀…");

    private static async Task<SentMessage> SendAsync(string url, RunReport report)
    {
        await using var services = await SandboxServices.StartAsync();
        using var client = new HttpClient(services.CreateHandler());
        using var request = MessageService.Of(new(url)).Create(new(url), AlarmSamples.Alarm(report));
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        services.Refusals.ShouldBeEmpty();
        ((int)answer.StatusCode).ShouldBeInRange(200, 204);
        return services.Messages.ShouldHaveSingleItem();
    }
}
