using System.Text.Json.Serialization;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;

namespace Daybook.Postgres.Tests.Documents;

/// <summary>What jsonb does with documents that JSON allows.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class PoisonTests(SharedPostgres postgres)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task J8_documents_that_json_or_jsonb_cannot_hold_are_poison_at_the_event_that_made_them()
    {
        await using var sinks = new Sinks();
        var sink = sinks.Open(await postgres.DatabaseAsync());
        var writer = sink.Writer(new Notes());
        await writer.StartAsync(default, new Epoch(1));

        foreach (var (bad, why) in new (Note, string)[] { (new Text("a\0b"), "jsonb"), (new Number(double.NaN), "infinity") })
        {
            var poison = await Assert.ThrowsAsync<PoisonEventException>(() => writer.ApplyAsync(Batches.Of(0, new Text("fine"), bad, new Text("fine too"))).AsTask());
            Assert.Equal(new JournalOffset(1), poison.Recorded.Position.Offset);
            Assert.Contains(why, poison.Message, StringComparison.Ordinal);
            Assert.Null(await sink.ReadModel(new Notes()).GetAsync("0"));
        }
        await writer.ApplyAsync(Batches.Of(0, new Text("fine")));
        Assert.Equal(new Text("fine"), await sink.ReadModel(new Notes()).GetAsync("0"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Documents_of_several_types_come_back_as_they_were_though_jsonb_orders_properties_anew()
    {
        await using var sinks = new Sinks();
        var sink = sinks.Open(await postgres.DatabaseAsync());
        var writer = sink.Writer(new Notes());
        await writer.StartAsync(default, new Epoch(1));
        Note[] notes = [new Text("\u0001 \"quoted\" \\ \u2028 \U0001F600"), new Number(double.MaxValue), new Number(5e-324), new Number(0.1), new Text("")];

        await writer.ApplyAsync(Batches.Of(0, [.. notes]));

        for (var i = 0; i < notes.Length; i++)
            Assert.Equal(notes[i], await sink.ReadModel(new Notes()).GetAsync($"{i}"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Damaged_document_is_reported_with_table_and_key()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var sink = sinks.Open(database);
        var writer = sink.Writer(new Notes());
        await writer.StartAsync(default, new Epoch(1));
        await writer.ApplyAsync(Batches.Of(0, new Text("fine")));
        await Sql.ExecuteAsync(database, "update daybook.projection_notes_v1 set document = '{}'");

        var damaged = await Assert.ThrowsAsync<DaybookException>(() => sink.ReadModel(new Notes()).GetAsync("0").AsTask());

        Assert.Equal(ErrorCode.Corrupted, damaged.Code);
        Assert.Contains("'0' in table \"daybook\".\"projection_notes_v1\"", damaged.Message, StringComparison.Ordinal);
    }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "of_type"), JsonDerivedType(typeof(Text), "text"), JsonDerivedType(typeof(Number), "number")]
    public abstract record Note;

    public sealed record Text(string T) : Note;

    public sealed record Number(double N) : Note;

    [Projection("notes")]
    public sealed class Notes : IDocumentProjection<Note>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [projected.Recorded.Position.Offset.ToString()];

        public Note Apply(string key, Note? document, ProjectedEvent projected) => (Note)projected.Body;
    }
}
