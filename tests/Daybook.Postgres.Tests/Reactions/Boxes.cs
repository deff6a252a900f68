using System.Collections.Concurrent;
using Daybook.Memory;
using Daybook.Projections;
using Daybook.Reactions;

namespace Daybook.Postgres.Tests.Reactions;

/// <summary>A book whose events are reacted to, with its progress in PostgreSQL; closed and opened again on the same journals.</summary>
internal sealed class Boxes : IAsyncDisposable
{
    private readonly MemoryLedgerStore _ledgers = new();
    private readonly MemoryCoordinator _coordinator = new();
    private readonly string _connectionString;

    internal Boxes(string connectionString)
    {
        _connectionString = connectionString;
        Mail.Sent.Clear();
        Mail.IsPoison = false;
    }

    internal Book Book { get; private set; } = null!;

    internal async Task ReopenAsync()
    {
        await DisposeAsync();
        Book = await new DaybookBuilder().UseLedgers(_ => new(_ledgers)).UseCoordinator(_ => new(_coordinator)).UsePostgresProjections(_connectionString)
            .AddHandlers(typeof(BoxHandlers)).Configure(o => o.Partitions = 2).AddReaction<Mail>().OpenAsync();
    }

    internal async Task<Position> PutAsync(int number) =>
        ((Outcome.Accepted)await Book.SendAsync(new Put($"box{number % 7}", number), new CommandId(new Guid(number + 1, 1, 1, new byte[8])))).Position;

    public async ValueTask DisposeAsync()
    {
        if (Book is { } book)
            await book.DisposeAsync();
    }

    [EventType("test.put")]
    internal sealed record Contained(int Number);

    [Aggregate("box")]
    internal sealed record Box(int Count)
    {
        public static Box Create(Contained e) => new(1);

        public Box Apply(Contained e) => new(Count + 1);
    }

    internal sealed record Put(string Box, int Number);

    internal static class BoxHandlers
    {
        public static Decision Handle(Put c, Box? box) => Decision.Emit(new Contained(c.Number));
    }

    [Reaction("mail")]
    internal sealed class Mail : IReaction
    {
        internal static ConcurrentQueue<(Position Position, int Number, IdempotencyId Id)> Sent { get; } = [];

        internal static bool IsPoison { get; set; }

        public bool Concerns(ProjectedEvent projected) => projected.Body is Contained;

        public async ValueTask ReactAsync(ReactionContext context, CancellationToken cancellationToken)
        {
            if (IsPoison)
                throw new InvalidOperationException("no such address");
            await Task.Yield();
            Sent.Enqueue((context.Recorded.Position, ((Contained)context.Event).Number, context.Id));
        }
    }
}
