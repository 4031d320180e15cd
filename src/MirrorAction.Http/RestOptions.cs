namespace MirrorAction.Http;

/// <summary>What the one send path needs to know of a host. A class, not a record: it holds secrets and must not print them.</summary>
internal sealed class RestOptions
{
    /// <summary>The host's name in messages: <c>GitHub</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Who asks: asked before each request, and told of each 401. Its secrets never appear in a message, whatever the server writes.
    /// </summary>
    public required ICredentialProvider Credential { get; init; }

    /// <summary>Further headers of every request.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The media type of the bodies that are sent.</summary>
    public string BodyType { get; init; } = "application/json";

    /// <summary>The header with the host's own number for the request.</summary>
    public required string RequestIdHeader { get; init; }

    /// <summary>The sentence for people in a refusal's body; null when there is none.</summary>
    public required Func<string, string?> ReadMessage { get; init; }

    /// <summary>What a refusal means; null when the host has no word of its own for it.</summary>
    public required Func<RestResponse, HostFailure?> Explain { get; init; }

    /// <summary>Ask once more after a 401: outages of the host have answered live credentials so.</summary>
    public bool RepeatsUnauthorized { get; init; }

    /// <summary>Requests that may be sent within any hour; null when only the host counts.</summary>
    public int? RequestsPerHour { get; init; }

    /// <summary>Silence after which a call is given up.</summary>
    public TimeSpan IdleTimeout { get; init; } = RestClient.IdleTimeout;

    /// <summary>When the run ends; no wait that would outlast it is begun.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
