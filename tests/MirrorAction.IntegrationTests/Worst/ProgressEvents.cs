using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;

namespace MirrorAction.IntegrationTests.Worst;

/// <summary>
/// Counts how far a run has come, in steps that both hosts see: a request that arrives, a request that is answered, 16 KiB of a push. At a chosen
/// step something is done, and that step waits for it.
/// </summary>
internal sealed class ProgressEvents
{
    private const int Step = 16 << 10;

    private readonly int _moment;
    private readonly Func<Task> _act;
    private readonly ConcurrentBag<Task> _requests = [];
    private int _count;

    internal ProgressEvents(ActionWorld world, int moment, Func<Task> act)
    {
        (_moment, _act) = (moment, act);
        world.GitHub.Intercept = world.Bitbucket.Intercept = CountAsync;
    }

    /// <summary>Steps so far.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Ends when the hosts are done with every request so far.</summary>
    internal Task IdleAsync() => Task.WhenAll(_requests);

    private async Task CountAsync(HttpContext context, Func<Task> next)
    {
        var done = new TaskCompletionSource();
        _requests.Add(done.Task);
        try
        {
            await StepAsync();
            if (context.Request.IsPushPost())
            {
                // A host finishes a push that arrived in full, even when nobody waits for the answer; one that is cut it drops all the same.
                context.RequestAborted = CancellationToken.None;
                context.Request.Body = new CountedBody(context.Request.Body, StepAsync);
            }

            await next();
            await StepAsync();
        }
        finally
        {
            done.SetResult();
        }
    }

    private Task StepAsync() => Interlocked.Increment(ref _count) == _moment ? _act() : Task.CompletedTask;

    private sealed class CountedBody(Stream inner, Func<Task> step) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            var steps = ((_read + read) / Step) - (_read / Step);
            _read += read;
            for (; steps > 0; steps--)
                await step();
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
