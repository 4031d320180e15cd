using System.Text.RegularExpressions;

namespace MirrorAction.TestKit;

/// <summary>A path of git's smart HTTP protocol, taken apart: <c>/acme/site.git/info/refs</c>.</summary>
internal sealed partial record GitPath(string Owner, string Name, string Rest)
{
    /// <summary>Null when the path is none of git's.</summary>
    public static GitPath? Parse(string path) =>
        Pattern().Match(path) is { Success: true } match ? new GitPath(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value) : null;

    [GeneratedRegex(@"^/([^/]+)/([^/]+?)(?:\.git)?/(info/refs|info/lfs/objects/batch|git-upload-pack|git-receive-pack|HEAD|objects/.*)$")]
    private static partial Regex Pattern();
}
