using System.Text;

namespace MirrorAction.TestKit;

/// <summary>A request as a server saw it. Numbers grow while it is being served.</summary>
public sealed class RecordedRequest
{
    private long _requestBytes;
    private long _responseBytes;

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query as they came.</summary>
    public required string PathAndQuery { get; init; }

    /// <summary>The headers; several values of one name are joined by commas.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The status of the answer; 0 as long as there is none.</summary>
    public int Status { get; internal set; }

    /// <summary>Bytes of the request's body read so far, without chunk headers.</summary>
    public long RequestBytes => Interlocked.Read(ref _requestBytes);

    /// <summary>Bytes of the answer's body written so far.</summary>
    public long ResponseBytes => Interlocked.Read(ref _responseBytes);

    /// <summary>Sent in chunks, without a length.</summary>
    public bool IsChunked =>
        Headers.TryGetValue("Transfer-Encoding", out var encoding) && encoding.Contains("chunked", StringComparison.OrdinalIgnoreCase);

    /// <summary>Part of git's conversation, as against REST.</summary>
    public bool IsGit => Path.EndsWith("/info/refs", StringComparison.Ordinal) || IsFetch || IsPush;

    /// <summary>A POST to upload-pack: a listing of refs or a fetch.</summary>
    public bool IsFetch => Path.EndsWith("/git-upload-pack", StringComparison.Ordinal);

    /// <summary>A POST to receive-pack.</summary>
    public bool IsPush => Path.EndsWith("/git-receive-pack", StringComparison.Ordinal);

    /// <summary>The path without the query.</summary>
    public string Path => PathAndQuery.Split('?', 2)[0];

    /// <summary>User and password of Basic authentication; null where there is none.</summary>
    public BasicLogin? Login => Headers.TryGetValue("Authorization", out var value) ? BasicLogin.Parse(value) : null;

    internal void CountRequest(int bytes) => Interlocked.Add(ref _requestBytes, bytes);

    internal void CountResponse(int bytes) => Interlocked.Add(ref _responseBytes, bytes);

    public override string ToString() => $"{Method} {PathAndQuery} -> {Status} ({RequestBytes} in, {ResponseBytes} out)";
}

/// <summary>User and password of Basic authentication.</summary>
public sealed record BasicLogin(string User, string Password)
{
    /// <summary>Reads an <c>Authorization</c> header; null when it is not Basic.</summary>
    public static BasicLogin? Parse(string? header)
    {
        if (header is null || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        try
        {
            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(header[6..].Trim())).Split(':', 2);
            return parts.Length == 2 ? new BasicLogin(parts[0], parts[1]) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The value of an <c>Authorization</c> header.</summary>
    public string Header => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"))}";
}
