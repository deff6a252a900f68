using Daybook.Memory;
using Daybook.Testing.Faults;

namespace Daybook.Core.Tests.Engine;

/// <summary>Every request is answered, and then no longer counts as in flight, even if its turn ends abnormally.</summary>
public sealed class NobodyWaitsForEverTests
{
    private const int Behind = 9;

    [Fact]
    public async Task Requests_in_the_turn_of_a_handler_that_does_not_return_are_answered_and_give_their_places_back()
    {
        await using var book = await Blocking.OpenAsync(o => (o.Partitions, o.MaxRequestsInFlight, o.HandlerTimeout) = (1, Behind + 2, TimeSpan.FromSeconds(1)));
        await book.Send(new Open("a", 100));
        using var stuck = new Blocking();
        var behind = await SendBehindAsync(book, stuck);
        Assert.Equal(ErrorCode.HandlerFailed, (await Assert.ThrowsAsync<DaybookException>(() => stuck.Answer.WaitAsync(Blocking.Patience))).Code);
        foreach (var waiting in behind)
        {
            var refused = await Assert.ThrowsAsync<DaybookException>(() => waiting.WaitAsync(Blocking.Patience));
            Assert.Equal((ErrorCode.NotOwner, true), Answer(refused));
            Assert.EndsWith(
                " A handler did not return; the partition recovers without it. Nothing was written; send again with the same id.",
                refused.Message, StringComparison.Ordinal);
        }
        await ExpectAllPlacesFreeAsync(book);
    }

    [Fact]
    public async Task Requests_in_the_turn_of_a_handler_that_does_not_return_are_answered_by_dispose()
    {
        var book = await Blocking.OpenAsync(o => (o.Partitions, o.HandlerTimeout) = (1, TimeSpan.FromSeconds(1)));
        using var stuck = new Blocking();
        var behind = await SendBehindAsync(book, stuck);
        await book.DisposeAsync().AsTask().WaitAsync(Blocking.Patience);
        foreach (var waiting in behind)
            await Assert.ThrowsAsync<DaybookException>(() => waiting.WaitAsync(Blocking.Patience));
    }

    [Fact]
    public async Task Dispose_waits_for_no_handler_that_may_run_for_an_hour_and_answers_what_waits_behind_it()
    {
        var book = await Blocking.OpenAsync(o => (o.Partitions, o.HandlerTimeout) = (1, TimeSpan.FromHours(1)));
        using var stuck = new Blocking();
        await stuck.EnterAsync(book, "y");
        Task[] behind = [stuck.Answer, book.Send(new Open("n", 1)).AsTask(), book.ReadAsync<Wallet>("a").AsTask(), book.OutcomeOfAsync(Books.NewId()).AsTask()];
        await book.DisposeAsync().AsTask().WaitAsync(Blocking.Patience);
        foreach (var waiting in behind)
            Assert.Equal((ErrorCode.Closed, false), Answer(await Assert.ThrowsAsync<DaybookException>(() => waiting.WaitAsync(Blocking.Patience))));
    }

    [Fact]
    public async Task Requests_in_a_turn_that_an_exception_ends_are_answered_and_give_their_places_back()
    {
        var ledgers = new FaultyLedgerStore(new MemoryLedgerStore());
        await using var book = await Blocking.OpenAsync(o => (o.Partitions, o.MaxRequestsInFlight) = (1, Behind + 2), ledgers);
        using var first = new Blocking();
        await first.EnterAsync(book, "x");
        var large = new EventData[] { new("large", new byte[200_000]) };
        var turn = Enumerable.Range(0, Behind)
            .Select(i => book.Streams.AppendAsync(new StreamId($"raw/{i}"), ExpectedVersion.Any, large, Books.NewId()).AsTask()).ToArray();
        ledgers.ThrowFromAppends = () => new InvalidOperationException("thrown where no exception may come from");
        first.Release();
        foreach (var waiting in turn.Append(first.Answer))
        {
            try
            {
                Assert.IsType<Outcome.InDoubt>(await waiting.WaitAsync(Blocking.Patience));
            }
            catch (DaybookException e)
            {
                Assert.Equal((ErrorCode.NotOwner, true), Answer(e));
            }
        }
        ledgers.ThrowFromAppends = null;
        await ExpectAllPlacesFreeAsync(book);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Serializer_that_throws_anything_or_does_not_return_fails_its_command_alone(bool hangs)
    {
        using var release = new ManualResetEventSlim();
        await using var book = await new DaybookBuilder().UseMemory().AddHandlers(typeof(WalletHandlers))
            .UseSerializer(new RudeSerializer(hangs ? release : null))
            .Configure(o => (o.Partitions, o.HandlerTimeout) = (1, TimeSpan.FromSeconds(1))).OpenAsync();
        await book.Send(new Open("a", 100));
        var failed = await Assert.ThrowsAsync<DaybookException>(() => book.Send(new Change("a", 13)).AsTask().WaitAsync(Blocking.Patience));
        Assert.Equal(ErrorCode.HandlerFailed, failed.Code);
        Assert.IsType<Outcome.Accepted>(await book.Insist(new Change("a", 1)).WaitAsync(Blocking.Patience));
        Assert.Equal(1, await book.AmountOf("a"));
        release.Set();
    }

    [Fact]
    public async Task Reads_of_a_store_that_does_not_answer_end_with_their_token_and_with_the_book()
    {
        var ledgers = new FaultyLedgerStore(new MemoryLedgerStore());
        var book = await Blocking.OpenAsync(o => o.Partitions = 1, ledgers);
        var id = Books.NewId();
        await book.SendAsync(new Open("a", 100), id);
        await book.Send(new Change("a", 1));
        ledgers.StuckReads = new TaskCompletionSource().Task;
        foreach (var read in Reads(book, id))
        {
            using var cancel = new CancellationTokenSource();
            var waiting = read(cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Blocking.Patience));
        }
        var last = Reads(book, id).Select(read => read(default)).ToArray();
        var retried = book.SendAsync(new Open("a", 100), id).AsTask();
        await book.DisposeAsync().AsTask().WaitAsync(Blocking.Patience);
        foreach (var waiting in last)
            Assert.Equal((ErrorCode.Closed, false), Answer(await Assert.ThrowsAsync<DaybookException>(() => waiting.WaitAsync(Blocking.Patience))));
        Assert.IsType<Outcome.InDoubt>(await retried.WaitAsync(Blocking.Patience));
    }

    private static Func<CancellationToken, Task>[] Reads(Book book, CommandId id) =>
    [
        token => book.ReadAsync<Wallet>("a", new StreamVersion(1), token).AsTask(),
        token => book.OutcomeOfAsync(id, token).AsTask(),
        async token =>
        {
            await foreach (var _ in book.Streams.ReadAsync(new StreamId("wallet/a"), cancellationToken: token))
            {
            }
        },
        token => book.PositionsOfAsync(new Outcome.Accepted(id, new Position(default, default), default), token).AsTask(),
    ];

    /// <summary>One handler keeps the owner busy until a turn has gathered: a handler that does not return, and requests behind it.</summary>
    private static async Task<Task[]> SendBehindAsync(Book book, Blocking stuck)
    {
        using var first = new Blocking();
        await first.EnterAsync(book, "x");
        stuck.Send(book, "y");
        var behind = Enumerable.Range(0, Behind - 2).Select(i => book.Send(new Open($"n{i}", 1)).AsTask() as Task)
            .Append(book.ReadAsync<Wallet>("a").AsTask()).Append(book.OutcomeOfAsync(Books.NewId()).AsTask()).ToArray();
        first.Release();
        await first.Answer;
        return behind;
    }

    private static async Task ExpectAllPlacesFreeAsync(Book book)
    {
        await book.Insist(new Open("last", 1)).WaitAsync(Blocking.Patience);
        using var first = new Blocking();
        await first.EnterAsync(book, "x");
        var rest = Enumerable.Range(0, Behind + 1).Select(i => book.Send(new Open($"free{i}", 1)).AsTask()).ToArray();
        Assert.Equal(ErrorCode.Overloaded, (await Assert.ThrowsAsync<DaybookException>(async () => await book.Send(new Open("more", 1)))).Code);
        first.Release();
        Assert.All(await Task.WhenAll(rest).WaitAsync(Blocking.Patience), outcome => Assert.IsType<Outcome.Accepted>(outcome));
    }

    private static (ErrorCode Code, bool IsTransient) Answer(DaybookException e) => (e.Code, e.IsTransient);

    private sealed class RudeSerializer(ManualResetEventSlim? release) : IEventSerializer
    {
        private readonly Daybook.Core.Serialization.JsonEventSerializer _json = new();

        public void Serialize(object value, System.Buffers.IBufferWriter<byte> destination)
        {
            if (value is Changed { By: 13 })
            {
                release?.Wait();
                throw new KeyNotFoundException("no such thing");
            }
            _json.Serialize(value, destination);
        }

        public object Deserialize(Type type, ReadOnlySpan<byte> data) => _json.Deserialize(type, data);
    }
}
