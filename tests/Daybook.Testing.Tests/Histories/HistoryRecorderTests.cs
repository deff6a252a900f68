using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Linearizability;

namespace Daybook.Testing.Tests.Histories;

public class HistoryRecorderTests
{
    private readonly HistoryRecorder<RegisterCall, RegisterReturn> _recorder = new();
    private readonly Lock _gate = new();
    private long? _register;

    [Fact]
    public void Completions_are_paired_with_their_invocations()
    {
        var write = _recorder.Invoke(new(3), RegisterCall.Write("x", 1));
        var read = _recorder.Invoke(new(5), RegisterCall.Read("x"));
        write.Ok(RegisterReturn.Written);
        read.Fail();
        var operations = _recorder.ToHistory().Operations;
        Assert.Equal([(3, Completion.Ok, 0L, 2L), (5, Completion.Fail, 1L, 3L)],
            operations.Select(o => (o.Process.Value, o.Completion, o.Invoked.Tick, o.Completed.Tick)));
        Assert.False(operations[0].Precedes(operations[1]));
    }

    [Fact]
    public void An_operation_without_completion_stays_open_for_ever()
    {
        _ = _recorder.Invoke(new(0), RegisterCall.Read("x"));
        var operation = Assert.Single(_recorder.ToHistory().Operations);
        Assert.Equal((Completion.Info, LogicalTime.Never), (operation.Completion, operation.Completed));
    }

    [Fact]
    public void An_unknown_outcome_that_is_asked_for_later_can_still_be_recorded()
    {
        var pending = _recorder.Invoke(new(0), RegisterCall.Write("x", 1));
        pending.Complete(Observed.Info<RegisterReturn>());
        pending.Ok(RegisterReturn.Written);
        Assert.Equal(Completion.Ok, _recorder.ToHistory().Operations[0].Completion);
        Assert.Throws<InvalidOperationException>(pending.Fail);
    }

    [Fact]
    public void A_process_with_an_open_operation_may_not_invoke_another()
    {
        _ = _recorder.Invoke(new(0), RegisterCall.Read("x"));
        Assert.Throws<InvalidOperationException>(() => _recorder.Invoke(new(0), RegisterCall.Read("x")));
    }

    [Fact]
    public async Task A_client_goes_on_as_a_new_process_after_an_exception()
    {
        var client = _recorder.NewClient();
        var before = client.Process;
        await Assert.ThrowsAsync<TimeoutException>(() => client.RunAsync(RegisterCall.Write("x", 1), (_, _) => throw new TimeoutException()));
        await client.RunAsync(RegisterCall.Read("x"), (_, _) => Task.FromResult(Observed.Ok(RegisterReturn.Read(1))));
        var operations = _recorder.ToHistory().Operations;
        Assert.Equal([Completion.Info, Completion.Ok], operations.Select(o => o.Completion));
        Assert.Equal(before, operations[0].Process);
        Assert.NotEqual(before, operations[1].Process);
    }

    [Fact]
    public async Task Threads_on_a_locked_register_record_a_linearizable_history()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() => UseRegister(new Random(seed)))));
        var result = LinearizabilityChecker.Check(_recorder.ToHistory(), new RegisterModel());
        Assert.Equal(LinearizabilityVerdict.Linearizable, result.Verdict);
        Assert.Equal(2000, _recorder.ToHistory().Operations.Count);
    }

    [Fact]
    public void An_operation_that_completes_before_its_invocation_or_without_an_outcome_is_refused()
    {
        var call = RegisterCall.Read("x");
        Assert.Throws<ArgumentException>(() => History(new(0, new(0), call, Completion.Ok, default, new(5), new(4))));
        Assert.Throws<ArgumentException>(() => History(new(0, new(0), call, Completion.Info, default, new(5), new(6))));
        Assert.Throws<ArgumentException>(() => History(new(0, new(0), call, Completion.Ok, default, new(5), LogicalTime.Never)));
    }

    private static History<RegisterCall, RegisterReturn> History(Operation<RegisterCall, RegisterReturn> operation) => new([operation]);

    private async Task UseRegister(Random random)
    {
        var client = _recorder.NewClient();
        for (var i = 0; i < 500; i++)
        {
            var call = random.Next(2) == 0 ? RegisterCall.Read("x") : RegisterCall.Write("x", random.Next(100));
            await client.RunAsync(call, (c, _) =>
            {
                lock (_gate)
                {
                    (_register, var answer) = new RegisterModel().Apply(_register, c);
                    return Task.FromResult(Observed.Ok(answer));
                }
            });
        }
    }
}
