namespace MirrorAction.Hosts.Rest;

/// <summary>Reads the header by which GitHub names the next page (RFC 8288).</summary>
internal static class LinkHeader
{
    /// <summary>The target of <c>rel="next"</c>; null when there is none.</summary>
    /// <remarks><code>&lt;https://api.github.com/organizations/1/repos?page=2&gt;; rel="next", &lt;…&gt;; rel="last"</code></remarks>
    public static string? Next(string? header)
    {
        var rest = header.AsSpan();
        while (true)
        {
            var open = rest.IndexOf('<');
            var close = rest.IndexOf('>');
            if (open < 0 || close < open)
            {
                return null;
            }

            var target = rest[(open + 1)..close];
            rest = rest[(close + 1)..];
            var end = rest.IndexOf('<');
            var parameters = end < 0 ? rest : rest[..end];
            foreach (var range in parameters.Split(';'))
            {
                var parameter = parameters[range].Trim(", ");
                if (
                    parameter.StartsWith("rel=", StringComparison.OrdinalIgnoreCase)
                    && parameter[4..].Trim("\" ").Equals("next", StringComparison.OrdinalIgnoreCase)
                )
                {
                    return target.ToString();
                }
            }
        }
    }
}
