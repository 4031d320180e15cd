namespace MirrorAction.Git.Transport;

/// <summary>
/// The connections to git servers: one pool for all, and a connection of its own for each large push. Thread-safe; dispose it when all
/// conversations are over.
/// </summary>
/// <remarks>Buffers of sockets are the kernel's to size: a size given to it ends its own tuning, and gains nothing.</remarks>
public sealed class GitHttp(GitHttpOptions options) : IDisposable
{
    /// <summary>Servers close idle connections after 5 seconds and more; being earlier avoids writing into a closed one.</summary>
    private static readonly TimeSpan s_poolIdleTimeout = TimeSpan.FromSeconds(4);

    private readonly HttpMessageInvoker _shared = new(options.Connections?.Invoke() ?? NewHandler(options));

    /// <summary>How it behaves on the wire.</summary>
    public GitHttpOptions Options => options;

    internal HttpMessageInvoker Shared => _shared;

    /// <summary>
    /// A connection for one push whose body cannot be sent twice: never an idle one that the server may be closing, and watched for an answer
    /// that comes before the body has ended. The caller disposes it.
    /// </summary>
    internal (HttpMessageInvoker Invoker, EarlyAnswer Answer) OpenUpload()
    {
        var answer = new EarlyAnswer();
        if (options.Connections is { } connections)
        {
            return (new HttpMessageInvoker(connections()), answer);
        }

        var handler = NewHandler(options);
        handler.PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new EarlyAnswerStream(context.PlaintextStream, answer));
        return (new HttpMessageInvoker(handler), answer);
    }

    /// <inheritdoc/>
    public void Dispose() => _shared.Dispose();

    private static SocketsHttpHandler NewHandler(GitHttpOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // It would drop the credential and turn a POST into a GET.
            AutomaticDecompression = System.Net.DecompressionMethods.GZip,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            MaxResponseDrainSize = 64 << 10,
            PooledConnectionIdleTimeout = s_poolIdleTimeout,
            Proxy = options.Proxy,
            UseCookies = false,
        };
        options.Tune?.Invoke(handler);
        return handler;
    }
}
