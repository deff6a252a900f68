using Daybook.Core.Modeling;
using Daybook.Core.Partitions.Work;

namespace Daybook.Core.Tests.Partitions;

public class AnswerRunTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Client_that_blocks_its_thread_holds_up_no_other()
    {
        var works = Enumerable.Range(1, 50).Select(Work).ToArray();
        using var last = new ManualResetEventSlim();
        var clients = works.Select((work, i) => ClientAsync(work, last, isLast: i == works.Length - 1)).ToArray();
        new AnswerRun([.. works.Select(work => KeyValuePair.Create<WriteWork, Outcome>(work, new Outcome.InDoubt(work.Id, "test")))]).Start();
        Assert.All(await Task.WhenAll(clients).WaitAsync(s_patience), Assert.True);
    }

    [Fact]
    public async Task Each_client_is_answered_once_with_its_own_outcome()
    {
        var works = Enumerable.Range(1, 1000).Select(Work).ToArray();
        var clients = works.Select(work => work.Task.AsTask()).ToArray();
        new AnswerRun([.. works.Select(work => KeyValuePair.Create<WriteWork, Outcome>(work, new Outcome.InDoubt(work.Id, "test")))]).Start();
        var outcomes = await Task.WhenAll(clients).WaitAsync(s_patience);
        Assert.Equal(works.Select(work => work.Id), outcomes.Select(outcome => outcome.CommandId));
    }

    private static async Task<bool> ClientAsync(AppendWork work, ManualResetEventSlim last, bool isLast)
    {
        await work.Task.ConfigureAwait(false);
        if (isLast)
            last.Set();
        return work.Id.Value.ToByteArray()[0] > 3 || last.Wait(s_patience);
    }

    private static AppendWork Work(int number) => new(
        new Target(new StreamId("a/b"), null!, false), ExpectedVersion.Any, Decision.Nothing, 0,
        new CommandId(new Guid(number, 0, 0, new byte[8])), CommandOptions.None, null);
}
