using MirrorAction.Mirroring;

namespace MirrorAction.Tests.Mirroring;

/// <summary>Rules 2 and 6: a mirror is recognised by its description.</summary>
public sealed class MirrorMarkTests
{
    [Theory]
    [InlineData("https://github.com", "Mirror of github.com/acme/Website (id 4711)")]
    [InlineData("https://git.example:8443", "Mirror of git.example:8443/acme/Website (id 4711)")]
    [InlineData("http://127.0.0.1:5000", "Mirror of github.com/acme/Website (id 4711)")]
    public void Mark_names_host_repository_and_id(string web, string mark)
    {
        MirrorMark.For(Samples.Repository("Website", 4711, web: web)).ShouldBe(mark);
        MirrorMark.Read(Samples.Mirror("website", mark)).ShouldBe(("acme", "Website", 4711L));
        MirrorMark.IsOn(Samples.Mirror("website", mark)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("Our website", false)]
    [InlineData("mirror of github.com/acme/website (id 1)", false)]
    [InlineData(" Mirror of github.com/acme/website (id 1)", false)]
    [InlineData("Mirror of something else", true)]
    [InlineData("Mirror of github.com/acme/website", true)]
    [InlineData("Mirror of github.com/acme/website (id x)", true)]
    [InlineData("Mirror of github.com/acme/website (id 99999999999999999999)", true)]
    [InlineData("Mirror of github.com/acme (id 1)", true)]
    public void Other_text_names_no_source(string description, bool isOn)
    {
        MirrorMark.Read(Samples.Mirror("website", description)).ShouldBeNull();
        MirrorMark.IsOn(Samples.Mirror("website", description)).ShouldBe(isOn);
    }

    [Fact]
    public void Text_behind_the_mark_is_the_owners() =>
        MirrorMark.Read(Samples.Mirror("website", "Mirror of github.com/acme/website (id 12). Please do not push here.")).ShouldBe(("acme", "website", 12L));
}
