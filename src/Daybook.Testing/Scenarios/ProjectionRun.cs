using System.Text;
using System.Text.Json;
using Daybook.Projections;

namespace Daybook.Testing.Scenarios;

/// <summary>Runs a scenario of a projection.</summary>
internal sealed class ProjectionRun<TDocument>(
    IDocumentProjection<TDocument> projection,
    IReadOnlyList<(StreamId Stream, object[] Events)> givens,
    IReadOnlyList<(string Key, TDocument? Document)> thens,
    string? failure) : IServiceProvider
    where TDocument : class
{
    public async Task RunAsync()
    {
        var builder = new DaybookBuilder().UseMemory().Configure(o => o.Partitions = 2).AddProjection<IDocumentProjection<TDocument>, TDocument>();
        foreach (var type in givens.SelectMany(given => given.Events).Select(e => e.GetType()).Distinct())
            builder.AddEventType(type);
        await using var book = await builder.OpenAsync(services: this);
        var failed = await ProjectAsync(book, await WriteAsync(book));
        if (failed is not null || failure is not null)
            CheckFailure(failed);
        await CheckAsync(book.ReadModel<TDocument>());
    }

    /// <summary>Hands the book the one instance that is tested.</summary>
    object? IServiceProvider.GetService(Type serviceType) => serviceType == typeof(IDocumentProjection<TDocument>) ? projection : null;

    /// <returns>The last position of each partition.</returns>
    private async Task<IEnumerable<Position>> WriteAsync(Book book)
    {
        var ends = new Dictionary<PartitionId, Position>();
        for (var i = 0; i < givens.Count; i++)
        {
            var (stream, events) = givens[i];
            var data = events.Select(e => book.Model.Codec.Encode(e)).ToArray();
            var outcome = await book.Streams.AppendAsync(stream, ExpectedVersion.Any, data, new CommandId(new Guid(i + 1, 0, 0, new byte[8])));
            if (outcome is not Outcome.Accepted accepted)
                throw new ScenarioException($"The events given for '{stream}' could not be written: {outcome}.");
            ends[accepted.Position.Partition] = accepted.Position;
        }
        return ends.Values;
    }

    private async Task<DaybookException?> ProjectAsync(Book book, IEnumerable<Position> ends)
    {
        var name = ProjectionId.Of(projection.GetType()).Name;
        foreach (var end in ends)
        {
            try
            {
                await book.Projections.WaitForAsync(name, end);
            }
            catch (DaybookException e) when (e.Code == ErrorCode.PoisonEvent)
            {
                return e;
            }
        }
        return null;
    }

    private void CheckFailure(DaybookException? failed)
    {
        if (failure is null)
            throw new ScenarioException($"The projection was parked: {failed!.Message}", failed);
        if (failed is null)
            throw new ScenarioException($"The projection should have been parked with '{failure}', but it took every event.");
        if (!failed.Message.Contains(failure, StringComparison.Ordinal))
            throw new ScenarioException($"The projection should have been parked with '{failure}', but was parked with: {failed.Message}", failed);
    }

    private async Task CheckAsync(IReadModel<TDocument> model)
    {
        var text = new StringBuilder();
        foreach (var (key, expected) in thens)
        {
            var actual = await model.GetAsync(key);
            if (Json(actual) != Json(expected))
                text.Append($"'{key}'\n    expected {Json(expected)}\n    actual   {Json(actual)}\n");
        }
        if (text.Length > 0)
            throw new ScenarioException($"The read model is not as expected.\n{text}");
    }

    private static string Json(TDocument? document) => document is null ? "no document" : JsonSerializer.Serialize(document, JsonSerializerOptions.Web);
}
