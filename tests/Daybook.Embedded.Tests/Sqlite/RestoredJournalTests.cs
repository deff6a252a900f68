using Daybook.Projections;
using Daybook.Reactions;

namespace Daybook.Embedded.Tests.Sqlite;

/// <summary>A journal that was restored from a backup while read models and reactions are ahead of it: they are refused, however far it
/// grows (C4).</summary>
public sealed class RestoredJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task C4_read_model_and_reaction_ahead_of_a_restored_journal_are_refused_at_every_start()
    {
        await RunAsync(5);
        foreach (var part in new[] { "ledgers", "coordination" })
            TemporaryFolder.Replace(_folder[$"backup-{part}"], Part(part));
        await RunAsync(5);
        foreach (var part in new[] { "ledgers", "coordination" })
            TemporaryFolder.Replace(Part(part), _folder[$"backup-{part}"]);

        await using (var restored = await OpenAsync())
        {
            await Wait.UntilAsync(() => restored.Projections.Status is { Count: 2 } s && s.All(p => p.State == ProjectionState.Parked), "the loss was noticed");
            await AddAsync(restored, 20);
            restored.Projections.Retry("sums", default);
            await Wait.UntilAsync(() => restored.Projections.Status.Any(p => p.Code == ErrorCode.OtherBook), "the retry was refused");
        }
        await using var again = await OpenAsync();
        await Wait.UntilAsync(() => again.Projections.Status is { Count: 2 } s && s.All(p => p.Code == ErrorCode.OtherBook), "both were refused");
        Assert.Equal(10, (await again.ReadModel<Sum>().GetAsync("all"))!.Count);
        Assert.Contains("with records from offset 5 on that this book's journal has lost", again.Projections.Status[0].Error, StringComparison.Ordinal);
    }

    private string Part(string name) => Path.Combine(_folder["data"], name);

    private async Task RunAsync(int count)
    {
        await using var book = await OpenAsync();
        var last = await AddAsync(book, count);
        foreach (var name in new[] { "sums", "reaction:mails" })
            await book.Projections.WaitForAsync(name, last, new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);
    }

    private static async Task<Position> AddAsync(Book book, int count)
    {
        var last = default(Position);
        for (var i = 0; i < count; i++)
            last = ((Outcome.Accepted)await book.SendAsync(new Add("a"), new CommandId(Guid.NewGuid()))).Position;
        return last;
    }

    private ValueTask<Book> OpenAsync() => new DaybookBuilder().UseEmbedded(_folder["data"]).AddHandlers(typeof(Handlers)).AddProjection<Sums, Sum>()
        .AddReaction<Mails>().Configure(options => options.Partitions = 1).OpenAsync();

    public sealed record Add(string Counter);

    [EventType("restored.added")]
    public sealed record Added;

    public sealed record Counter(int Count)
    {
        public static Counter Create(Added e) => new(e is null ? 0 : 1);

        public Counter Apply(Added e) => new(e is null ? Count : Count + 1);
    }

    public static class Handlers
    {
        public static Decision Handle(Add command, Counter? counter) => Decision.Emit(new Added());
    }

    public sealed record Sum(int Count);

    [Projection("sums", Version = 1)]
    public sealed class Sums : IDocumentProjection<Sum>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => ["all"];

        public Sum Apply(string key, Sum? document, ProjectedEvent projected) => new((document?.Count ?? 0) + 1);
    }

    [Reaction("mails", Start = ReactionStart.Beginning)]
    public sealed class Mails : IReaction
    {
        public bool Concerns(ProjectedEvent projected) => true;

        public ValueTask ReactAsync(ReactionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
