using System.Runtime.CompilerServices;
using Daybook.Projections;

namespace Daybook.Testing.Compliance;

/// <summary>What every <see cref="IProjectionSink"/> must keep.</summary>
public abstract partial class ProjectionCompliance : ComplianceSuite
{
    private static readonly CountingProjection Code = new();

    /// <summary>Opens a sink; the first call in a test gives an empty one. The suite does not dispose of it.</summary>
    protected abstract ValueTask<IProjectionSink> OpenSinkAsync();

    /// <summary>Ends the sink as if its process were killed, and opens what is left; null when the provider's data end with the object.</summary>
    /// <param name="sink">The sink as it was opened.</param>
    protected virtual ValueTask<IProjectionSink?> RestartAsync(IProjectionSink sink) => ValueTask.FromResult<IProjectionSink?>(null);

    private async Task<(IProjectionSink Sink, IProjectionWriter Writer, IReadModel<Tally> Model)> OpenAsync(params int[] partitions)
    {
        var sink = await OpenSinkAsync();
        var writer = sink.Writer(Code);
        foreach (var partition in partitions)
            Expect.Equal(default, await writer.StartAsync(new PartitionId(partition), new Epoch(1)));
        return (sink, writer, sink.ReadModel(Code));
    }

    private static async Task ExpectAsync(IReadModel<Tally> model, string key, decimal sum, long count, [CallerMemberName] string statement = "")
    {
        var tally = await model.GetAsync(key);
        Expect.Equal(new Tally(sum, count), tally, $"the document '{key}'", statement);
    }

    private static async Task ExpectNoneAsync(IReadModel<Tally> model, [CallerMemberName] string statement = "") =>
        Expect.Equal("", string.Join(",", await KeysAsync(model.QueryAsync())), "the keys of all documents", statement);

    private static async Task<List<string>> KeysAsync(IAsyncEnumerable<KeyValuePair<string, Tally>> query)
    {
        var keys = new List<string>();
        await foreach (var (key, _) in query)
            keys.Add(key);
        return keys;
    }

    private static async Task<PoisonEventException> ExpectPoisonAsync(
        IProjectionWriter writer, ProjectionBatch batch, [CallerMemberName] string statement = "")
    {
        try
        {
            await writer.ApplyAsync(batch);
        }
        catch (PoisonEventException poison)
        {
            Expect.True(poison.Message.Contains(poison.Recorded.Position.ToString(), StringComparison.Ordinal), "the position in the message", statement);
            return poison;
        }
        throw new ComplianceException($"{statement}: the batch {batch.First} to {batch.Next} should be poison but was applied.");
    }
}
