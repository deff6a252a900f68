using System.Reflection;
using Daybook.Memory;
using Daybook.Projections;

namespace Daybook.Core.Tests.Engine;

/// <summary>Every public method of a book that takes a token: cancelled before, it does nothing; cancelled while it waits, it ends, unless its contract excludes that.</summary>
public sealed class CancellationTests
{
    private static readonly Dictionary<string, Case> s_cases = new()
    {
        ["IDaybook.SendAsync"] = new((b, t) => b.Book.SendAsync(new Change("a", 1), Books.NewId(), null, t).AsTask(), EndsEarly: false),
        ["IDaybook.OutcomeOfAsync"] = new((b, t) => b.Book.OutcomeOfAsync(Books.NewId(), t).AsTask()),
        ["IDaybook.PositionsOfAsync"] = new((b, t) => b.Book.PositionsOfAsync(b.Moved, t).AsTask()),
        ["IDaybook.ReadAsync"] = new((b, t) => b.Book.ReadAsync<Wallet>("a", null, t).AsTask()),
        ["IDaybook.TruncateAsync"] = new((b, t) => b.Book.TruncateAsync(b.Partition, default, t).AsTask()),
        ["IEventStore.AppendAsync"] = new(
            (b, t) => b.Book.Streams.AppendAsync(
                new StreamId("wallet/a"), ExpectedVersion.Any, new[] { new EventData("test.changed", "{\"by\":1}"u8.ToArray()) },
                Books.NewId(), null, t).AsTask(), EndsEarly: false),
        ["IEventStore.ReadAsync"] = new(async (b, t) => await b.Book.Streams.ReadAsync(new StreamId("wallet/a"), cancellationToken: t).ToListAsync(CancellationToken.None)),
        ["IProjections.WaitForAsync"] = new(
            (b, t) => b.Book.Projections.WaitForAsync("amounts", new Position(b.Partition, new JournalOffset(1_000_000)), t).AsTask()),
        ["IReadModel`1.GetAsync"] = new((b, t) => b.Book.ReadModel<Amount>().GetAsync("a", t).AsTask(), Waits: false),
        ["IReadModel`1.QueryAsync"] = new(async (b, t) => await b.Book.ReadModel<Amount>().QueryAsync(cancellationToken: t).ToListAsync(CancellationToken.None), Waits: false),
        ["DaybookBuilder.OpenAsync"] = new(async (b, t) => await (await b.Builder().OpenAsync(cancellationToken: t)).DisposeAsync()),
    };

    public static TheoryData<string> Methods => [.. new[] { typeof(IDaybook), typeof(IEventStore), typeof(IProjections), typeof(IReadModel<>), typeof(DaybookBuilder) }
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.GetParameters().Any(p => p.ParameterType == typeof(CancellationToken)))
        .Select(method => $"{method.DeclaringType!.Name}.{method.Name}").Distinct()];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Token_that_is_cancelled_before_keeps_a_method_from_doing_anything(string method)
    {
        await using var bed = await Bed.MakeAsync();
        var before = await bed.Book.ReadAsync<Wallet>("a");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => s_cases[method].Call(bed, new CancellationToken(canceled: true)).WaitAsync(Blocking.Patience));
        Assert.Equal(before, await bed.Book.ReadAsync<Wallet>("a"));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Token_ends_the_wait_behind_a_handler_that_does_not_return(string method)
    {
        var what = s_cases[method];
        if (!what.Waits)
            return;
        await using var bed = await Bed.MakeAsync();
        await bed.Blocking.EnterAsync(bed.Book, "a");
        using var cancel = new CancellationTokenSource();
        var waiting = what.Call(bed, cancel.Token);
        Assert.False(waiting.IsCompleted);
        await cancel.CancelAsync();
        if (what.EndsEarly)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Blocking.Patience));
        bed.Blocking.Release();
        if (!what.EndsEarly)
            await waiting.WaitAsync(Blocking.Patience);
    }

    /// <param name="Call">Calls the method.</param>
    /// <param name="EndsEarly">False where a token has no effect once the request is handed over.</param>
    /// <param name="Waits">False where there is nothing to wait for.</param>
    private sealed record Case(Func<Bed, CancellationToken, Task> Call, bool EndsEarly = true, bool Waits = true);

    /// <summary>A book of two partitions with a transaction over both; wallet a lives in the one that is going to be blocked.</summary>
    private sealed class Bed : IAsyncDisposable
    {
        private readonly MemoryLedgerStore _ledgers = new();
        private readonly MemoryCoordinator _coordinator = new();

        public Book Book { get; private set; } = null!;

        public Blocking Blocking { get; } = new();

        public Outcome.Accepted Moved { get; private set; } = null!;

        public PartitionId Partition { get; private set; }

        public static async Task<Bed> MakeAsync()
        {
            var bed = new Bed();
            bed.Book = await bed.Builder().OpenAsync();
            bed.Partition = ((Outcome.Accepted)await bed.Book.Send(new Open("a", 100))).Position.Partition;
            for (var i = 0; bed.Moved is null; i++)
            {
                var opened = (Outcome.Accepted)await bed.Book.Send(new Open($"b{i}", 100));
                if (opened.Position.Partition != bed.Partition)
                    bed.Moved = (Outcome.Accepted)await bed.Book.Send(new Move($"b{i}", "a", 0));
            }
            return bed;
        }

        public DaybookBuilder Builder() => new DaybookBuilder().UseLedgers(_ => new(_ledgers)).UseCoordinator(_ => new(_coordinator))
            .AddHandlers(typeof(WalletHandlers)).AddHandlers(typeof(BlockHandler)).AddProjection<Amounts, Amount>().Configure(o => o.Partitions = 2);

        public async ValueTask DisposeAsync()
        {
            Blocking.Dispose();
            await Book.DisposeAsync();
        }
    }
}

public sealed record Amount(int Value);

[Projection("amounts")]
public sealed class Amounts : IDocumentProjection<Amount>
{
    public IEnumerable<string> KeysOf(ProjectedEvent projected) => [projected.Recorded.Stream.Value];

    public Amount? Apply(string key, Amount? document, ProjectedEvent projected) => new((document?.Value ?? 0) + 1);
}
