using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts;

/// <summary>How every source says what became of a repository.</summary>
public abstract partial class SourceHostContract
{
    /// <summary>The id of the repository that is looked for, last known as <c>acme/former</c>.</summary>
    protected const long Sought = 4711;

    /// <summary>The script of the request that looks for it, whatever comes before it being scripted too.</summary>
    protected abstract StubRoute ById();

    /// <summary>The host's description of it.</summary>
    protected abstract string EntryOf(long id, string owner, string name);

    private Task<string?> SeekAsync() =>
        Client().FindFullNameAsync(Sought.ToString(System.Globalization.CultureInfo.InvariantCulture), "acme/former", default);

    [Fact]
    public async Task Repository_is_found_by_its_id_under_another_name_and_owner()
    {
        ById().Reply(200, EntryOf(Sought, "umbrella", "present"));

        (await SeekAsync()).ShouldBe("umbrella/present");
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Repository_of_which_the_host_shows_nothing_is_gone()
    {
        ById().Reply(404, Refusal("Not Found"));

        (await SeekAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Refusal_does_not_say_that_a_repository_is_gone()
    {
        ById().Always(403, Refusal("Access denied"));

        await Should.ThrowAsync<HostException>(SeekAsync);
    }

    [Fact]
    public async Task Repository_is_not_looked_for_at_another_host()
    {
        await using var other = await StubHost.StartAsync();
        ById().Reply(301, "", ("Location", other.Url + "/repositories/4711"));

        (await Should.ThrowAsync<HostException>(SeekAsync)).Failure.Kind.ShouldBe(HostFailureKind.Protocol);
        other.Requests.ShouldBeEmpty();
    }
}
