using Daybook.Projections;

namespace Daybook.Core.Tests.States.Values;

/// <summary>A document is the same whether its events come in one batch or in two with a restart between them, or is refused with the
/// member named.</summary>
/// <param name="open">Opens the store of a name: a new one for a new name, else what was there before.</param>
public sealed class DocumentRun(Func<string, IProjectionSink> open) : ISampleTest
{
    private static readonly EventMetadata s_metadata = new() { CommandId = new CommandId(Guid.NewGuid()), Time = DateTimeOffset.UnixEpoch };

    public async Task RunAsync<T>(Sample<T> sample)
    {
        if (sample.Refused is { } member)
            Assert.Contains(member, Assert.Throws<DaybookException>(() => open("refused").Writer(new Boxes<T>())).Message, StringComparison.Ordinal);
        else if (sample.Fails is { } what)
            Assert.Contains(what, (await Assert.ThrowsAsync<PoisonEventException>(() => FoldAsync(open("failing"), sample, 0, 1))).Message, StringComparison.OrdinalIgnoreCase);
        else
            await SameAsync(sample);
    }

    private async Task SameAsync<T>(Sample<T> sample)
    {
        await FoldAsync(open("one"), sample, 0, 2);
        await FoldAsync(open("two"), sample, 0, 1);
        await FoldAsync(open("two"), sample, 1, 1);
        var one = await open("one").ReadModel(new Boxes<T>()).GetAsync("a");
        Assert.NotNull(one);
        Assert.Equal(Shown.Of(one), Shown.Of(await open("two").ReadModel(new Boxes<T>()).GetAsync("a")));
    }

    private static async Task FoldAsync<T>(IProjectionSink sink, Sample<T> sample, long first, int count)
    {
        var writer = sink.Writer(new Boxes<T>());
        await writer.StartAsync(default, new Epoch(1));
        var events = Enumerable.Range((int)first, count).Select(at => new ProjectedEvent(new Put<T>(sample.Make()), new RecordedEvent(
            new StreamId("s"), new StreamVersion(at + 1), new Position(default, new JournalOffset(at)), "put", default, s_metadata)));
        await writer.ApplyAsync(new ProjectionBatch(default, new Epoch(1), new JournalOffset(first), new JournalOffset(first + count), [.. events]));
        await writer.FlushAsync();
    }

    /// <summary>Keeps what the fold saw of the document before.</summary>
    public sealed record Seen<T>(T First, T Last, string Before);

    [Projection("boxes")]
    private sealed class Boxes<T> : IDocumentProjection<Seen<T>>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => ["a"];

        public Seen<T> Apply(string key, Seen<T>? document, ProjectedEvent projected) =>
            new(document is null ? ((Put<T>)projected.Body).Value : document.First, ((Put<T>)projected.Body).Value, document is null ? "" : Shown.Of(document.First));
    }
}
