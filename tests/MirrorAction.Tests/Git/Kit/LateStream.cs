using System.Threading.Tasks.Sources;

namespace MirrorAction.Tests.Git.Kit;

/// <summary>
/// Makes another stream slow: nothing is there at once, everything comes from another thread, as with sockets. Allocates nothing a call. What the
/// other
/// stream can't do, this one waits for without end. One read and one write at a time.
/// </summary>
internal sealed class LateStream(Stream inner) : Stream
{
    private readonly Late _read = new(inner);
    private readonly Late _write = new(inner);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.CanRead ? _read.BeginRead(buffer) : new(new TaskCompletionSource<int>().Task.WaitAsync(cancellationToken));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _write.BeginWrite(buffer);

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>One direction: a piece of work for the thread pool that is used over and over.</summary>
    private sealed class Late(Stream inner) : IThreadPoolWorkItem, IValueTaskSource<int>, IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<int> _core;
        private Memory<byte> _target;
        private ReadOnlyMemory<byte>? _bytes;

        internal ValueTask<int> BeginRead(Memory<byte> buffer)
        {
            _core.Reset();
            _target = buffer;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return new ValueTask<int>(this, _core.Version);
        }

        internal ValueTask BeginWrite(ReadOnlyMemory<byte> buffer)
        {
            _core.Reset();
            _bytes = buffer;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return new ValueTask(this, _core.Version);
        }

        void IThreadPoolWorkItem.Execute()
        {
            var count = 0;
            if (_bytes is { } bytes)
                inner.Write(bytes.Span);
            else
                count = inner.Read(_target.Span);
            _core.SetResult(count);
        }

        int IValueTaskSource<int>.GetResult(short token) => _core.GetResult(token);

        void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _core.GetStatus(token);

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

        void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);

        void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
