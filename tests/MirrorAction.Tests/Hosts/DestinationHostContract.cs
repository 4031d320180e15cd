using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts;

/// <summary>What every destination does.</summary>
public abstract partial class DestinationHostContract : HostContract
{
    /// <summary>The repository that is created in these tests.</summary>
    protected static readonly NewRepository Wanted = new("website", "Mirror of github.com/acme/Website (id 7)", IsPrivate: true);

    /// <summary>A new client for the scripted server.</summary>
    protected abstract IRepositoryDestination Client(DateTimeOffset? deadline = null);

    /// <summary>The script of the request that creates <see cref="Wanted"/>.</summary>
    protected abstract StubRoute Creation();

    /// <summary>The script of the request that looks for it.</summary>
    protected abstract StubRoute Look();

    /// <summary>The host's description of the repository.</summary>
    protected abstract string Repository(string slug);

    /// <summary>The script of the request that changes it.</summary>
    protected abstract StubRoute Change();

    /// <summary>Where the host says whether it is private.</summary>
    protected virtual string VisibilityField => "private";

    /// <summary>The host's answer to a change that made it private, public, or does not say: <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    protected virtual string VisibilityAnswer(string isPrivate) => $$"""{"{{VisibilityField}}":{{isPrivate}}}""";

    /// <summary>The path of the page of a mirror.</summary>
    protected virtual string WebPathOf(string slug) => $"/acme-mirror/{slug}";

    /// <summary>The path at which git is asked for it.</summary>
    protected virtual string GitPathOf(string slug) => $"{WebPathOf(slug)}.git";

    /// <summary>How the host says that it is there already: status and body.</summary>
    protected abstract (int Status, string Body) ExistsAlready { get; }

    protected override async Task<IReadOnlyList<string>> ListAsync(DateTimeOffset? deadline = null, CancellationToken cancellationToken = default)
    {
        var listing = await Client(deadline).ListAsync(cancellationToken);
        return [.. listing.Repositories.Select(repository => repository.Name)];
    }

    protected override async Task<IReadOnlyList<UnusableEntry>> UnusableAsync() => (await Client().ListAsync(default)).Unusable;

    [Fact]
    public async Task Missing_repository_is_created_with_one_request()
    {
        Creation().Reply(200, Repository("website"));

        (await Client().CreateAsync(Wanted, default)).Name.ShouldBe("website");
        Asked.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"id\":")]
    public async Task Creation_that_is_told_of_in_an_unknown_way_is_looked_for(string body)
    {
        Creation().Reply(201, body);
        Look().Reply(200, Repository("website"));

        (await Client().CreateAsync(Wanted, default)).Name.ShouldBe("website");
    }

    [Theory]
    [InlineData("true", Visibility.Private)]
    [InlineData("false", Visibility.Public)]
    [InlineData("null", Visibility.Unknown)]
    public async Task Visibility_is_what_the_host_says_after_it_was_changed(string answer, Visibility visibility)
    {
        Change().Reply(200, VisibilityAnswer(answer));

        (await Client().SetVisibilityAsync("website", isPrivate: true, default)).ShouldBe(visibility);
    }

    [Fact]
    public async Task Body_of_a_creation_has_a_length()
    {
        Creation().Reply(200, Repository("website"));
        await Client().CreateAsync(Wanted, default);

        var request = Asked[0];
        request
            .Header("Content-Length")
            .ShouldBe(System.Text.Encoding.UTF8.GetByteCount(request.Body).ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Header("Transfer-Encoding").ShouldBeNull();
        request.Header("Content-Type").ShouldBe("application/json");
    }

    [Fact]
    public async Task Slug_of_the_answer_wins()
    {
        Creation().Reply(200, Repository("website-2"));

        var made = await Client().CreateAsync(Wanted, default);
        made.Name.ShouldBe("website-2");
        made.GitUrl.AbsolutePath.ShouldEndWith("/website-2.git");
    }

    [Fact]
    public async Task Repository_that_exists_already_is_success()
    {
        Creation().Reply(ExistsAlready.Status, ExistsAlready.Body);
        Look().Reply(200, Repository("website"));

        (await Client().CreateAsync(Wanted, default)).Name.ShouldBe("website");
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Repository_that_exists_but_is_not_seen_is_forbidden()
    {
        Creation().Reply(ExistsAlready.Status, ExistsAlready.Body);
        Look().Reply(404, Refusal("Not found"));

        (await CreationFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData(502)]
    [InlineData(0)]
    public async Task After_a_creation_whose_answer_was_lost_it_is_looked_for_and_found(int status)
    {
        _ = status == 0 ? Creation().Break() : Creation().Reply(status, "<html>Bad gateway</html>");
        Look().Reply(200, Repository("website"));

        (await Client().CreateAsync(Wanted, default)).Name.ShouldBe("website");
        Asked.Select(request => request.Method).ShouldBe(["POST", "GET"]);
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task After_a_creation_whose_answer_was_lost_it_is_asked_for_again_only_when_it_is_not_there()
    {
        Creation().Break().Reply(200, Repository("website"));
        Look().Reply(404, Refusal("Not found"));

        (await Client().CreateAsync(Wanted, default)).Name.ShouldBe("website");
        Asked.Select(request => request.Method).ShouldBe(["POST", "GET", "POST"]);
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Creation_that_keeps_failing_is_looked_for_a_last_time()
    {
        Creation().Always(500, Refusal("Something went wrong"));
        Look().Always(404, Refusal("Not found"));

        var e = await CreationFailsAsync();
        e.Status.ShouldBe(500);
        Asked[^1].Method.ShouldBe("GET");
    }

    [Fact]
    public async Task Creation_that_was_refused_but_took_place_is_success()
    {
        Creation().Reply(404, Refusal("No workspace with identifier 'Acme Inc'."));
        Look().Reply(200, Repository("website"));

        (await Client().CreateAsync(Wanted, default)).Name.ShouldBe("website");
    }

    [Fact]
    public async Task Creation_that_is_forbidden_is_asked_for_once()
    {
        Creation().Reply(403, Refusal("Access denied"));

        (await CreationFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
        Asked.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Creation_beyond_the_rate_limit_waits_as_told()
    {
        Creation().Reply(429, Refusal("Too many requests"), ("Retry-After", "20")).Reply(200, Repository("website"));
        Look().Reply(404, Refusal("Not found"));

        (await Client().CreateAsync(Wanted, default)).Name.ShouldBe("website");
        Time.Skipped.ShouldBe([TimeSpan.FromSeconds(20)]);
    }

    [Fact]
    public void Description_of_a_slug_needs_no_request()
    {
        var described = Client().Describe("website");

        described.FullName.ShouldBe("acme-mirror/website");
        described.GitUrl.AbsolutePath.ShouldBe(GitPathOf("website"));
        described.GitUrl.UserInfo.ShouldBeEmpty();
        described.WebUrl.AbsolutePath.ShouldBe(WebPathOf("website"));
        Asked.ShouldBeEmpty();
    }

    [Fact]
    public void Silence_of_git_itself_is_not_explained() => Client().Explain(null, "").ShouldBeNull();

    protected async Task<HostException> CreationFailsAsync()
    {
        var e = await Should.ThrowAsync<HostException>(() => Client().CreateAsync(Wanted, default));
        e.ToString().ShouldNotContain(Token);
        return e;
    }
}
