using System.Buffers;
using System.Net;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Lfs;

/// <summary>An answer whose body has not been read. Owns the connection until disposed.</summary>
internal sealed class LfsReply(
    HttpResponseMessage response,
    IdleWatchdog watchdog,
    WatchedStream body,
    Uri url,
    bool isLoginRenewed,
    TimeProvider time
) : IDisposable
{
    private string Peer => url.Authority;

    /// <summary>Where a redirect leads, when that is a web address; null when this is none.</summary>
    internal Uri? Location =>
        HttpRefusal.IsRedirect(response.StatusCode)
        && response.Headers.Location is { } location
        && Uri.TryCreate(url, location, out var target)
        && target is { Scheme: "https" or "http", UserInfo.Length: 0 }
            ? target
            : null;

    /// <exception cref="GitRemoteException">The answer is a refusal, or a page of something before the server.</exception>
    internal async Task RequireSuccessAsync()
    {
        await RequireStatusAsync();
        if (HttpRefusal.IsPage(response))
        {
            throw await HttpRefusal.PageAsync(response, body, Peer);
        }
    }

    private async Task RequireStatusAsync()
    {
        if (!response.IsSuccessStatusCode)
        {
            throw await HttpRefusal.ReadAsync(response, body, Peer, isLoginRenewed, time);
        }
    }

    /// <summary>Reads the body, which must not be larger than a limit.</summary>
    /// <exception cref="GitException">It is larger, or the connection broke.</exception>
    internal async Task<byte[]> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        var read = new ArrayBufferWriter<byte>();
        while (await body.ReadAsync(read.GetMemory(), cancellationToken) is > 0 and var count)
        {
            read.Advance(count);
            if (read.WrittenCount > limit)
            {
                throw new GitProtocolException($"{Peer} answered with more than {limit >> 20} MiB where so much cannot be needed.");
            }
        }

        return read.WrittenSpan.ToArray();
    }

    /// <summary>The body as a stream, which owns this answer from now on. An object may be a web page, of its own length.</summary>
    /// <param name="length">What its length has to be.</param>
    /// <param name="service">Which side fails when it can't be read to its end.</param>
    /// <exception cref="GitRemoteException">The answer is a refusal, or a page of something before the server.</exception>
    /// <exception cref="LfsObjectException">It is announced with another length.</exception>
    internal async Task<Stream> OpenAsync(long length, GitService service)
    {
        await RequireStatusAsync();
        if (response.Content.Headers.ContentLength is not { } announced || announced == length)
        {
            return new OwningStream(body, this, service);
        }

        throw HttpRefusal.IsPage(response)
            ? await HttpRefusal.PageAsync(response, body, Peer)
            : new LfsObjectException($"the LFS object has {length} bytes, and {Peer} has {announced} for it");
    }

    public void Dispose()
    {
        response.Dispose();
        watchdog.Dispose();
    }

    private sealed class OwningStream(Stream inner, IDisposable owned, GitService service) : ReadingStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await inner.ReadAsync(buffer, cancellationToken);
            }
            catch (GitException e) when (e.In(service))
            {
                throw;
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                owned.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
