using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>
/// Counts how far a run has come, in steps that its source sees: a request that arrives, 16 KiB of a pack that goes out, a request that is answered.
/// At a
/// chosen step something is done, and that step waits for it.
/// </summary>
internal static class PackInterception
{
    private const int Step = 16 << 10;

    internal static Interception AtStep(int moment, Func<Task> act)
    {
        var count = 0;
        return Counting(() => Interlocked.Increment(ref count) == moment ? act() : Task.CompletedTask);
    }

    internal static Interception Counting(Func<Task> step) =>
        async (context, next) =>
        {
            await step();
            if (context.Request.IsUploadPackPost())
                context.Response.Body = new CountedBody(context.Response.Body, step);
            await next();
            await step();
        };

    private sealed class CountedBody(Stream inner, Func<Task> step) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (var sent = 0; sent < buffer.Length; sent += Step)
            {
                await inner.WriteAsync(buffer.Slice(sent, Math.Min(Step, buffer.Length - sent)), cancellationToken);
                await step();
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
