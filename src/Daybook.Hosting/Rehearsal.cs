using Daybook.Memory;
using Daybook.Projections;

namespace Daybook.Hosting;

/// <summary>
/// What a host does once in a process, a standby while it waits and an owner when it has settled: it opens a small book in memory, runs a
/// command, a transaction and a projection, closes it and takes it over again. That compiles most of the code of a takeover, which a cold process would
/// do between the end of the old owner and its own first answer. The book of the host is not touched.
/// </summary>
internal static class Rehearsal
{
    /// <summary>Rehearses one takeover.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var (ledgers, coordinator) = (new MemoryLedgerStore(), new MemoryCoordinator());
        foreach (var (from, to) in new[] { ("a", "b"), ("c", "d") })
        {
            var builder = new DaybookBuilder().AddHandlers(typeof(Handlers)).AddProjection<Names, Part>()
                .UseLedgers(_ => new(ledgers)).UseCoordinator(_ => new(coordinator)).Configure(options => options.CommandWindow = 1_000);
            var book = await builder.OpenAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            await using var closing = book.ConfigureAwait(false);
            foreach (var name in new[] { from, to })
                await book.SendAsync(new Open(name), CommandId.From(nameof(Rehearsal), name), cancellationToken: cancellationToken).ConfigureAwait(false);
            var moved = await book.SendAsync(new Move(from, to), CommandId.From(nameof(Rehearsal), from + to), cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            if (moved is Outcome.Accepted accepted)
                await book.Projections.WaitForAsync("rehearsed", accepted.Position, cancellationToken).ConfigureAwait(false);
        }
    }

    private sealed record Open(string Part);

    private sealed record Move(string From, string To);

    [EventType("rehearsed.v1")]
    private sealed record Rehearsed(string Name);

    private sealed record Part(string Name)
    {
        public static Part Create(Rehearsed e) => new(e.Name);

        public Part Apply(Rehearsed e) => this with { Name = e.Name };
    }

    [Projection("rehearsed")]
    private sealed class Names : IDocumentProjection<Part>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [projected.Recorded.Stream.Value];

        public Part? Apply(string key, Part? document, ProjectedEvent projected) => new(key);
    }

    private static class Handlers
    {
        public static Decision Handle(Open c, Part? part) => part is null ? Decision.Emit(new Rehearsed(c.Part)) : Decision.Nothing;

        public static Decision Handle(Move c, Part from, Part to) =>
            Decision.Emit(c.From, new Rehearsed(to.Name)).And(c.To, new Rehearsed(from.Name));
    }
}
