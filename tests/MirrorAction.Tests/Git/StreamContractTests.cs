using Microsoft.Extensions.Time.Testing;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

#pragma warning disable CA2022 // How much a single read reads is what these tests are about.

namespace MirrorAction.Tests.Git;

/// <summary>What whoever reads may expect of every stream that answers come through.</summary>
public abstract class StreamContractTests : IDisposable
{
    protected static byte[] Content { get; } = new RandomBytes(5).Take(10_000);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    protected abstract Stream Open(int[] chunks);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task All_bytes_come_in_order_into_buffers_of_any_size(int size)
    {
        foreach (
            var chunks in (int[][])
                [
                    [1],
                    [3, 1000],
                    [],
                ]
        )
        {
            await using var stream = Open(chunks);
            var (all, buffer) = (new MemoryStream(), new byte[size]);
            for (var read = -1; read != 0; )
            {
                read = await stream.ReadAsync(buffer, Wire.Token);
                all.Write(buffer, 0, read);
            }

            all.ToArray().ShouldBe(Content);
        }
    }

    [Fact]
    public async Task Reading_nothing_takes_nothing()
    {
        await using var stream = Open([]);

        (await stream.ReadAsync(Memory<byte>.Empty, Wire.Token)).ShouldBe(0);
        var buffer = new byte[4];
        await stream.ReadExactlyAsync(buffer, Wire.Token);
        buffer.ShouldBe(Content[..4]);
    }

    [Fact]
    public async Task Reading_behind_the_end_stays_at_the_end()
    {
        await using var stream = Open([]);
        await stream.CopyToAsync(Stream.Null, Wire.Token);

        for (var i = 0; i < 3; i++)
            (await stream.ReadAsync(new byte[10], Wire.Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Old_form_of_reading_reads_the_same()
    {
        await using var stream = Open([2]);
        var buffer = new byte[10];

#pragma warning disable CA1835 // The old form is what this is about.
        var read = await stream.ReadAsync(buffer, 5, 2, Wire.Token);
#pragma warning restore CA1835

        buffer.AsSpan(5, read).ToArray().ShouldBe(Content[..read]);
    }

    [Fact]
    public async Task Stream_is_for_reading_only()
    {
        await using var stream = Open([]);

        (stream.CanRead, stream.CanSeek, stream.CanWrite).ShouldBe((true, false, false));
        Should.Throw<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Should.Throw<NotSupportedException>(() => stream.Length);
        Should.Throw<NotSupportedException>(() => stream.SetLength(1));
        Should.Throw<NotSupportedException>(() => stream.Write([1], 0, 1));
    }
}

public sealed class ChunkedStreamTests : StreamContractTests
{
    protected override Stream Open(int[] chunks) => new ChunkedStream(Content, chunks);

    [Fact]
    public async Task Failure_comes_behind_the_last_byte()
    {
        await using var stream = new ChunkedStream(Content, [4000], new IOException("reset"));

        await stream.ReadExactlyAsync(new byte[Content.Length], Wire.Token);

        (await Should.ThrowAsync<IOException>(async () => await stream.ReadAsync(new byte[1], Wire.Token))).Message.ShouldBe("reset");
    }

    [Fact]
    public async Task Cancelled_read_reads_nothing()
    {
        await using var stream = new ChunkedStream(Content);

        await Should.ThrowAsync<OperationCanceledException>(async () => await stream.ReadAsync(new byte[1], new CancellationToken(canceled: true)));
        stream.Position.ShouldBe(0);
    }

    [Fact]
    public void Disposed_stream_is_not_read()
    {
        var stream = new ChunkedStream(Content);
        stream.Dispose();
        Should.Throw<ObjectDisposedException>(() => stream.Read(new byte[1]));
    }
}

public sealed class WatchedStreamTests : StreamContractTests
{
    private readonly CancellationTokenSource _caller = new();
    private readonly FakeTimeProvider _time = new();
    private readonly TransferCounter _counter = new();
    private readonly IdleWatchdog _watchdog;

    public WatchedStreamTests() => _watchdog = new IdleWatchdog(TimeSpan.FromSeconds(10), _time, _caller.Token);

    public override void Dispose()
    {
        _watchdog.Dispose();
        _caller.Dispose();
        base.Dispose();
    }

    protected override Stream Open(int[] chunks) =>
        new WatchedStream(new ChunkedStream(Content, chunks), _watchdog, _counter, Wire.Peer, long.MaxValue);

    [Fact]
    public async Task Reader_that_takes_its_time_is_no_silence_of_the_peer()
    {
        await using var stream = Open([4]);
        await stream.ReadExactlyAsync(new byte[4], Wire.Token);

        _time.Advance(TimeSpan.FromSeconds(60));

        (await stream.ReadAsync(new byte[4], Wire.Token)).ShouldBe(4);
    }

    [Fact]
    public async Task Reader_that_gives_up_does_not_wait_for_the_peer()
    {
        using var stop = new CancellationTokenSource();
        await using var stream = new WatchedStream(new SilentStream(), _watchdog, _counter, Wire.Peer, long.MaxValue);

        var read = stream.ReadAsync(new byte[4], stop.Token).AsTask();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => read.WaitAsync(TimeSpan.FromSeconds(30), Wire.Token));
    }

    /// <summary>Brings nothing until it is cancelled.</summary>
    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }

    [Fact]
    public async Task Every_byte_is_counted()
    {
        await Open([77]).CopyToAsync(Stream.Null, Wire.Token);
        _counter.BytesReceived.ShouldBe(Content.Length);
    }

    [Fact]
    public async Task More_than_the_limit_is_refused()
    {
        await using var stream = new WatchedStream(new ChunkedStream(Content, [100]), _watchdog, _counter, Wire.Peer, 9_950);
        await Should.ThrowAsync<GitProtocolException>(() => stream.CopyToAsync(Stream.Null, Wire.Token));
    }

    public static TheoryData<Exception> Breaks =>
        new()
        {
            new IOException("reset"),
            new HttpRequestException("ended"),
            new InvalidDataException("gzip"),
            new HttpIOException(HttpRequestError.ResponseEnded),
        };

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Every_way_to_break_is_a_broken_connection(Exception failure)
    {
        await using var stream = new WatchedStream(new ChunkedStream(Content, [], failure), _watchdog, _counter, Wire.Peer, long.MaxValue);

        var e = await Should.ThrowAsync<GitTransportException>(() => stream.CopyToAsync(Stream.Null, Wire.Token));

        e.InnerException.ShouldBeSameAs(failure);
        e.IsTimeout.ShouldBeFalse();
    }

    [Fact]
    public async Task Silence_is_a_timeout_and_the_callers_wish_is_a_cancellation()
    {
        _time.Advance(TimeSpan.FromSeconds(11));
        (await Should.ThrowAsync<GitTransportException>(async () => await Open([]).ReadAsync(new byte[1], Wire.Token))).IsTimeout.ShouldBeTrue();

        await _caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await Open([]).ReadAsync(new byte[1], Wire.Token));
    }

    [Fact]
    public async Task Each_read_starts_the_wait_anew()
    {
        await using var stream = Open([1]);
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            (await stream.ReadAsync(new byte[1], Wire.Token)).ShouldBe(1);
        }
    }
}
