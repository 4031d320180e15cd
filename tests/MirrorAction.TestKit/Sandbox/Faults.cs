using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>Answers that a host gives instead of its own, each a number of times.</summary>
public sealed class Faults
{
    /// <summary>What a gateway says when the service behind it does not answer.</summary>
    public const string BadGateway =
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

    private readonly Lock _lock = new();
    private readonly List<Fault> _waiting = [];

    /// <summary>Answers the next requests with this instead.</summary>
    /// <param name="times">How many requests are hit.</param>
    /// <param name="status">The status.</param>
    /// <param name="body">The text; an HTML page by default.</param>
    /// <param name="contentType">Its type.</param>
    /// <param name="when">Which requests are hit; null for any.</param>
    /// <param name="headers">More headers, such as <c>Retry-After</c>.</param>
    public void Next(
        int times,
        int status,
        string body = BadGateway,
        string contentType = "text/html",
        Func<HttpRequest, bool>? when = null,
        IReadOnlyDictionary<string, string>? headers = null
    )
    {
        lock (_lock)
            _waiting.Add(new Fault(status, body, contentType, when, headers) { Left = times });
    }

    /// <summary>Forgets the answers that were not given yet.</summary>
    public void Clear()
    {
        lock (_lock)
            _waiting.Clear();
    }

    /// <summary>Answers in the host's place when it is this request's turn; returns whether it did.</summary>
    internal async Task<bool> TryAnswerAsync(HttpContext context)
    {
        Fault? fault;
        lock (_lock)
        {
            fault = _waiting.FirstOrDefault(waiting => waiting.When?.Invoke(context.Request) ?? true);
            if (fault is not null && --fault.Left == 0)
                _waiting.Remove(fault);
        }

        if (fault is null)
            return false;
        foreach (var (name, value) in fault.Headers ?? new Dictionary<string, string>())
            context.Response.Headers[name] = value;
        await context.Response.TextAsync(fault.Status, fault.Body, fault.ContentType);
        return true;
    }

    private sealed record Fault(
        int Status,
        string Body,
        string ContentType,
        Func<HttpRequest, bool>? When,
        IReadOnlyDictionary<string, string>? Headers
    )
    {
        public int Left { get; set; }
    }
}
