namespace MirrorAction.Tests.Reporting;

/// <summary>What a server, a repository or a description could say to do harm.</summary>
public static class HostileText
{
    public static TheoryData<string> All { get; } =
    [
        "::error::pwned",
        "  ::add-mask::a",
        "\t::stop-commands::x",
        "\u200b::error::zero width",
        "\u00ad:\u200d:error::soft",
        "\ufe0f::error::selector",
        ":\u0301:error::combining",
        "##[add-mask]a",
        "text ##[error]b",
        "#\u200b#[error]c",
        "#\0#[error]d",
        "###[group]e",
        "\u001b[31m::error::f",
        "\u001b]0;title\a##[error]g",
        "a\r::error::h",
        "a\n::error::i",
        "a\u0085::error::j",
        "a\u2028::error::k",
        "a\r\n##[error]l",
        "\u202egnp.exe",
        "\u2067rtl\u2069",
        "<script>alert(1)</script>",
        "</details></table>",
        "| a | b |",
        "`code` | ``",
        "![x](https://evil.example/p.png)",
        "[a](javascript:b)",
        "@everyone @acme/team",
        "https://evil.example www.evil.example",
        "&lt;script&gt;",
        "\ud800 lone \udc00",
        "\ud83d\ude00 fine",
        "$x$ ~~y~~ **z** _w_ \\",
        "> quote",
        "%0A::error::m",
        "::%",
        new string('x', 1 << 20),
        string.Concat(Enumerable.Repeat("::error::n\n", 100_000)),
        string.Concat(Enumerable.Repeat("##[error]", 100_000)),
        "",
    ];
}
