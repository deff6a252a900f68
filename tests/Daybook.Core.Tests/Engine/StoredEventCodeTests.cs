using Daybook.Core.Serialization;
using Daybook.Memory;

namespace Daybook.Core.Tests.Engine;

/// <summary>User code that fails or hangs on what is already stored fails the requests that need it, by name, and no others.</summary>
public sealed class StoredEventCodeTests : IDisposable
{
    private readonly MemoryLedgerStore _ledgers = new();
    private readonly MemoryCoordinator _coordinator = new();
    private readonly ChangedSerializer _serializer = new();

    public void Dispose() => _serializer.Release.Set();

    [Fact]
    public async Task J7_code_that_does_not_return_from_a_stored_event_fails_the_requests_of_its_stream_alone()
    {
        await StoreAsync();
        var book = await OpenAsync();
        _serializer.HangsOn = typeof(Changed);
        foreach (var request in new Func<Task>[]
        {
            () => book.ReadAsync<Wallet>("a").AsTask(),
            () => book.ReadAsync<Wallet>("a", new StreamVersion(2)).AsTask(),
            () => book.Send(new Change("a", 1)).AsTask(),
        })
        {
            var failed = await Assert.ThrowsAsync<DaybookException>(() => request().WaitAsync(Blocking.Patience));
            Assert.Equal(ErrorCode.HandlerFailed, failed.Code);
            Assert.Contains("Event 2 ('test.changed') of stream 'wallet/a'", failed.Message, StringComparison.Ordinal);
        }
        Assert.IsType<Outcome.Accepted>(await book.Send(new Open("b", 1)).AsTask().WaitAsync(Blocking.Patience));
        await book.DisposeAsync().AsTask().WaitAsync(Blocking.Patience);
    }

    [Fact]
    public async Task Token_and_dispose_end_the_wait_for_code_that_does_not_return_from_a_stored_event()
    {
        await StoreAsync();
        var book = await OpenAsync(TimeSpan.FromHours(1));
        _serializer.HangsOn = typeof(Changed);
        using var cancel = new CancellationTokenSource();
        Task[] cancelled = [book.ReadAsync<Wallet>("a", null, cancel.Token).AsTask(), book.ReadAsync<Wallet>("a", new StreamVersion(2), cancel.Token).AsTask()];
        Task[] closed = [book.ReadAsync<Wallet>("a").AsTask(), book.ReadAsync<Wallet>("a", new StreamVersion(2)).AsTask()];
        await cancel.CancelAsync();
        foreach (var read in cancelled)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(Blocking.Patience));
        await book.DisposeAsync().AsTask().WaitAsync(Blocking.Patience);
        foreach (var read in closed)
            Assert.Equal(ErrorCode.Closed, (await Assert.ThrowsAsync<DaybookException>(() => read.WaitAsync(Blocking.Patience))).Code);
    }

    [Fact]
    public async Task Cancellation_that_code_throws_on_a_stored_event_is_its_failure_and_not_the_callers()
    {
        await StoreAsync();
        await using var book = await OpenAsync();
        _serializer.Throws = new TaskCanceledException("from a serializer");
        foreach (StreamVersion? at in new StreamVersion?[] { null, new StreamVersion(2) })
        {
            var failed = await Assert.ThrowsAsync<DaybookException>(() => book.ReadAsync<Wallet>("a", at).AsTask());
            Assert.Equal(ErrorCode.HandlerFailed, failed.Code);
            Assert.Contains("from a serializer", failed.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true, "did not return")]
    [InlineData(false, "no such state")]
    public async Task Serializer_that_cannot_read_a_kept_state_fails_the_read_by_the_name_of_its_stream(bool hangs, string why)
    {
        await StoreAsync();
        await using var book = await OpenAsync();
        await book.ReadAsync<Wallet>("a");
        _serializer.Throws = new KeyNotFoundException("no such state");
        _serializer.HangsOn = hangs ? typeof(Wallet) : null;
        var failed = await Assert.ThrowsAsync<DaybookException>(() => book.ReadAsync<Wallet>("a").AsTask().WaitAsync(Blocking.Patience));
        Assert.Equal(ErrorCode.HandlerFailed, failed.Code);
        Assert.Contains("'wallet/a'", failed.Message, StringComparison.Ordinal);
        Assert.Contains(why, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task J7_event_that_cannot_be_written_or_read_back_is_refused_for_that_reason()
    {
        await using var book = await OpenAsync();
        await book.Send(new Open("a", 100));
        _serializer.ThrowsOnWrite = new KeyNotFoundException("no such thing");
        await ExpectAsync("'Daybook.Core.Tests.Engine.Changed' cannot be serialized: no such thing");
        _serializer.ThrowsOnWrite = null;
        _serializer.ReturnsNull = true;
        await ExpectAsync("could be written but not be read back, so it is not recorded: The serializer returned null");

        async Task ExpectAsync(string why)
        {
            var failed = await Assert.ThrowsAsync<DaybookException>(() => book.Send(new Change("a", 1)).AsTask());
            Assert.Equal(ErrorCode.HandlerFailed, failed.Code);
            Assert.Contains(why, failed.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J7_exception_whose_message_cannot_be_read_fails_its_command_alone(bool inHandler)
    {
        await using var book = await OpenAsync();
        await book.Send(new Open("a", 100));
        var epoch = book.Partitions[0].Epoch;
        _serializer.ThrowsOnWrite = inHandler ? null : new UnreadableException();
        var failed = await Assert.ThrowsAsync<DaybookException>(
            () => inHandler ? book.Send(new Explode("a", "unreadable")).AsTask() : book.Send(new Change("a", 1)).AsTask());
        Assert.Equal(ErrorCode.HandlerFailed, failed.Code);
        Assert.Contains(nameof(UnreadableException), failed.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(UnreadableException), failed.ToString(), StringComparison.Ordinal);
        Assert.Equal(epoch, book.Partitions[0].Epoch);
    }

    private async Task StoreAsync()
    {
        await using var book = await OpenAsync();
        await book.Send(new Open("a", 100));
        await book.Send(new Change("a", 1));
    }

    private ValueTask<Book> OpenAsync(TimeSpan? timeout = null) => new DaybookBuilder()
        .UseLedgers(_ => new(_ledgers)).UseCoordinator(_ => new(_coordinator)).AddHandlers(typeof(WalletHandlers)).UseSerializer(_serializer)
        .Configure(o => (o.Partitions, o.HandlerTimeout) = (1, timeout ?? TimeSpan.FromSeconds(1))).OpenAsync();

    /// <summary>A serializer that a later version of the program has replaced: it reads the first event, and fails on what comes after
    /// it.</summary>
    private sealed class ChangedSerializer : IEventSerializer
    {
        private readonly JsonEventSerializer _json = new();

        public ManualResetEventSlim Release { get; } = new();

        public Type? HangsOn { get; set; }

        public bool ReturnsNull { get; set; }

        public Exception? Throws { get; set; }

        public Exception? ThrowsOnWrite { get; set; }

        public void Serialize(object value, System.Buffers.IBufferWriter<byte> destination)
        {
            if (value is Changed && ThrowsOnWrite is { } error)
                throw error;
            _json.Serialize(value, destination);
        }

        public object Deserialize(Type type, ReadOnlySpan<byte> data)
        {
            if (type == typeof(Opened))
                return _json.Deserialize(type, data);
            if (HangsOn == type)
                Release.Wait();
            if (Throws is { } error)
                throw error;
            return ReturnsNull && type == typeof(Changed) ? null! : _json.Deserialize(type, data);
        }
    }
}
