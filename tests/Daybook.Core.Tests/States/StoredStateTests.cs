using Daybook.Core.Tests.Engine;
using Daybook.Memory;
using Daybook.Projections;

namespace Daybook.Core.Tests.States;

public sealed class StoredStateTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task State_that_loses_a_comparer_is_the_same_before_and_after_a_restart(int snapshotEvery)
    {
        var (ledgers, coordinator) = (new MemoryLedgerStore(), new MemoryCoordinator());
        DaybookBuilder Builder() => new DaybookBuilder().UseLedgers(_ => new(ledgers)).UseCoordinator(_ => new(coordinator))
            .AddHandlers(typeof(Handlers)).Configure(o => (o.Partitions, o.SnapshotEvery) = (1, snapshotEvery));
        string before;
        await using (var book = await Builder().OpenAsync())
        {
            for (var i = 0; i < 8; i++)
                await book.Send(new Count("a", [i % 2 == 0 ? "x" : "X"]));
            before = Text((await book.ReadAsync<Counts>("a")).State!);
        }
        await using var reopened = await Builder().OpenAsync();
        Assert.Equal(before, Text((await reopened.ReadAsync<Counts>("a")).State!));
        Assert.Equal("X=4 x=4", before);
    }

    [Fact]
    public async Task List_that_its_owner_changes_later_changes_nothing_for_others()
    {
        await using var book = await new DaybookBuilder().UseMemory().AddHandlers(typeof(Handlers)).OpenAsync();
        var names = new List<string> { "x", "y" };
        await book.Send(new Count("a", names));
        names.Clear();
        var read = (await book.ReadAsync<Counts>("a")).State!;
        Assert.Equal("x=1 y=1", Text(read));
        read.By["x"] = 100;
        Assert.Equal("x=1 y=1", Text((await book.ReadAsync<Counts>("a")).State!));
        await book.Send(new Vandalize("a"));
        Assert.Equal("x=1 y=1", Text((await book.ReadAsync<Counts>("a")).State!));
    }

    [Fact]
    public async Task State_of_which_JSON_loses_a_member_is_refused_with_the_member()
    {
        var message = (await Refused.OpeningAsync(typeof(LossyHandlers))).Message;
        Assert.Contains("Lossy.Total", message, StringComparison.Ordinal);
        Assert.Contains("setter is not public", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_of_which_JSON_loses_a_member_is_refused_in_memory_too()
    {
        var builder = new DaybookBuilder().UseMemory().AddProjection<LossyDocuments, Lossy>();
        Assert.Contains("Lossy.Total", (await Refused.OpeningAsync(builder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proved_states_are_handed_out_without_a_copy()
    {
        await using var book = await Books.OpenAsync();
        await book.Send(new Open("a", 1));
        Assert.Same((await book.ReadAsync<Wallet>("a")).State, (await book.ReadAsync<Wallet>("a")).State);
    }

    private static string Text(Counts counts) => string.Join(' ', counts.By.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Key}={x.Value}"));

    [EventType("stored.counted")]
    public sealed record Counted(List<string> Names);

    public sealed record Counts(Dictionary<string, int> By)
    {
        public static Counts Create(Counted e) => new Counts(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)).Apply(e);

        public Counts Apply(Counted e)
        {
            foreach (var name in e.Names)
                By[name] = By.GetValueOrDefault(name) + 1;
            return this;
        }
    }

    public sealed record Count(string Counts, List<string> Names);

    public sealed record Vandalize(string Counts);

    public static class Handlers
    {
        public static Decision Handle(Count c, Counts? counts) => Decision.Emit(new Counted(c.Names));

        public static Decision Handle(Vandalize c, Counts counts)
        {
            counts.By.Clear();
            return Decision.Nothing;
        }
    }

    [EventType("stored.happened")]
    public sealed record Happened;

    public sealed class Lossy
    {
        public decimal Total { get; private set; }

        public static Lossy Create(Happened e) => new() { Total = 1 };
    }

    public sealed record Act(string Lossy);

    public static class LossyHandlers
    {
        public static Decision Handle(Act c, Lossy? lossy) => Decision.Emit(new Happened());
    }

    [Projection("lossy")]
    public sealed class LossyDocuments : IDocumentProjection<Lossy>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => ["k"];

        public Lossy? Apply(string key, Lossy? document, ProjectedEvent projected) => document;
    }
}
