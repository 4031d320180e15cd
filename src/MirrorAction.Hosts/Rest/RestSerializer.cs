using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MirrorAction.Http;
using Refit;

namespace MirrorAction.Hosts.Rest;

/// <summary>
/// Reads and writes JSON for Refit by source-generated models. A body that is wrong is told by the name of the field, as everywhere, and a body that
/// is sent has a length: Refit would send it chunked, which Bitbucket answers with 411.
/// </summary>
internal sealed class RestSerializer(JsonSerializerContext models) : IHttpContentSerializer
{
    /// <summary>An implementation of an interface over a chain of <see cref="RestClient"/>.</summary>
    /// <param name="client">One of the chain's clients.</param>
    /// <param name="baseUrl">Where the interface's paths begin.</param>
    /// <param name="models">The models of its bodies.</param>
    public static T Implement<T>(HttpClient client, Uri baseUrl, JsonSerializerContext models)
        where T : class
    {
        client.BaseAddress = baseUrl;
        var settings = new RefitSettings(new RestSerializer(models))
        {
            Buffered = true,

            // What the chain and the models throw says all there is to say; Refit would wrap it.
            TransportExceptionFactory = (_, exception, _) => exception,
            DeserializationExceptionFactory = (_, exception) => ValueTask.FromResult<Exception?>(exception),
        };
        return RestService.ForGenerated<T>(client, settings);
    }

    /// <inheritdoc/>
    public HttpContent ToHttpContent<T>(T item) => new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(item, (JsonTypeInfo<T>)TypeOf<T>()));

    /// <inheritdoc/>
    /// <exception cref="HostException">It is not JSON of that shape (<see cref="HostFailureKind.Protocol"/>).</exception>
    public Task<T?> FromHttpContentAsync<T>(HttpContent content, CancellationToken cancellationToken = default)
    {
        var response = RestResponse.Of(content);
        try
        {
            return Task.FromResult((T?)JsonForm.Read(response.Body, TypeOf<T>()));
        }
        catch (FormatException e)
        {
            throw response.NotUnderstood(e.Message);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Only asked for forms, of which there are none.</remarks>
    public string? GetFieldNameForProperty(PropertyInfo propertyInfo) => null;

    private JsonTypeInfo TypeOf<T>() => models.GetTypeInfo(typeof(T)) ?? throw new NotSupportedException($"{typeof(T)} is not among the models.");
}
