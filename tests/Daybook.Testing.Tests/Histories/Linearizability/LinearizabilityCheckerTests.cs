using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Linearizability;

namespace Daybook.Testing.Tests.Histories.Linearizability;

public class LinearizabilityCheckerTests
{
    private readonly HistoryRecorder<RegisterCall, RegisterReturn> _recorder = new();

    [Fact]
    public void No_operation_at_all_is_linearizable() => Assert.Equal(LinearizabilityVerdict.Linearizable, Check().Verdict);

    [Fact]
    public void A_read_during_a_write_may_see_either_value()
    {
        var write = Invoke(0, RegisterCall.Write("x", 1));
        Invoke(1, RegisterCall.Read("x")).Ok(RegisterReturn.Read(1));
        Invoke(2, RegisterCall.Read("y")).Ok(RegisterReturn.Read(null));
        write.Ok(RegisterReturn.Written);
        Assert.Equal(LinearizabilityVerdict.Linearizable, Check().Verdict);
    }

    [Fact]
    public void A_stale_read_is_named_with_its_key_and_the_order_before_it()
    {
        Invoke(0, RegisterCall.Write("y", 7)).Ok(RegisterReturn.Written);
        Invoke(0, RegisterCall.Write("x", 1)).Ok(RegisterReturn.Written);
        Invoke(0, RegisterCall.Write("x", 2)).Ok(RegisterReturn.Written);
        Invoke(1, RegisterCall.Read("x")).Ok(RegisterReturn.Read(1));
        var violation = Check().Violation;
        Assert.NotNull(violation);
        Assert.Equal("x", violation.Key);
        Assert.Equal(RegisterCall.Read("x"), violation.Unplaceable.Call);
        Assert.Equal([1L, 2L], violation.LongestPrefix.Select(o => o.Call.Value));
        Assert.Equal("2", violation.State);
        Assert.Contains("read x -> 1", $"{violation}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_with_an_unknown_outcome_may_take_effect_late_but_not_before_its_invocation()
    {
        Invoke(1, RegisterCall.Read("x")).Ok(RegisterReturn.Read(null));
        _ = Invoke(0, RegisterCall.Write("x", 1));
        Invoke(1, RegisterCall.Read("x")).Ok(RegisterReturn.Read(null));
        Invoke(1, RegisterCall.Read("x")).Ok(RegisterReturn.Read(1));
        Assert.Equal(LinearizabilityVerdict.Linearizable, Check().Verdict);
        Invoke(1, RegisterCall.Write("x", 2)).Ok(RegisterReturn.Written);
        Invoke(1, RegisterCall.Read("x")).Ok(RegisterReturn.Read(1));
        Assert.Equal(LinearizabilityVerdict.NotLinearizable, Check().Verdict);
    }

    [Fact]
    public void A_value_read_before_its_only_write_was_invoked_is_a_violation_even_if_the_outcome_is_unknown()
    {
        Invoke(1, RegisterCall.Read("x")).Ok(RegisterReturn.Read(1));
        _ = Invoke(0, RegisterCall.Write("x", 1));
        Assert.Equal(LinearizabilityVerdict.NotLinearizable, Check().Verdict);
    }

    [Fact]
    public void A_failed_write_that_is_read_is_a_violation()
    {
        Invoke(0, RegisterCall.Write("x", 1)).Fail();
        Invoke(1, RegisterCall.Read("x")).Ok(RegisterReturn.Read(1));
        Assert.Equal(LinearizabilityVerdict.NotLinearizable, Check().Verdict);
    }

    [Fact]
    public void Two_compare_and_sets_that_both_replaced_the_same_value_are_a_violation()
    {
        Invoke(0, RegisterCall.Write("x", 1)).Ok(RegisterReturn.Written);
        var first = Invoke(1, RegisterCall.CompareAndSet("x", 1, 2));
        var second = Invoke(2, RegisterCall.CompareAndSet("x", 1, 3));
        first.Ok(RegisterReturn.CompareAndSet(true));
        second.Ok(RegisterReturn.CompareAndSet(true));
        Assert.Equal(LinearizabilityVerdict.NotLinearizable, Check().Verdict);
    }

    [Fact]
    public void A_used_up_budget_of_steps_gives_unknown()
    {
        Invoke(0, RegisterCall.Write("x", 1)).Ok(RegisterReturn.Written);
        Invoke(0, RegisterCall.Write("x", 2)).Ok(RegisterReturn.Written);
        var result = Check(new CheckBudget { MaxSteps = 1 });
        Assert.Equal((LinearizabilityVerdict.Unknown, 1L), (result.Verdict, result.Steps));
    }

    [Fact]
    public void A_used_up_budget_of_time_gives_unknown()
    {
        Invoke(0, RegisterCall.Write("x", 1)).Ok(RegisterReturn.Written);
        Assert.Equal(LinearizabilityVerdict.Unknown, Check(new CheckBudget { MaxTime = TimeSpan.FromSeconds(1), Time = new LeapingTime() }).Verdict);
        Assert.Equal(LinearizabilityVerdict.Linearizable, Check(new CheckBudget { MaxTime = TimeSpan.FromDays(1), Time = new LeapingTime() }).Verdict);
    }

    [Fact]
    public void A_violation_is_found_although_many_writes_have_unknown_outcomes()
    {
        for (var i = 0; i < 200; i++) _ = Invoke(100 + i, RegisterCall.Write("x", i % 5));
        for (var i = 0; i < 50; i++) Invoke(0, RegisterCall.Read("x")).Ok(RegisterReturn.Read(i % 5));
        Assert.Equal(LinearizabilityVerdict.Linearizable, Check().Verdict);
        Invoke(0, RegisterCall.Read("x")).Ok(RegisterReturn.Read(9));
        Assert.Equal(LinearizabilityVerdict.NotLinearizable, Check().Verdict);
    }

    [Fact]
    public void An_overdraft_accepted_twice_is_a_violation()
    {
        var bank = new HistoryRecorder<AccountCall, AccountReturn>();
        bank.Invoke(new(0), new("alice", 10)).Ok(new(true, 10));
        bank.Invoke(new(0), new("alice", -20)).Ok(new(false, 10));
        var first = bank.Invoke(new(0), new("alice", -10));
        var second = bank.Invoke(new(1), new("alice", -10));
        first.Ok(new(true, 0));
        Assert.Equal(LinearizabilityVerdict.Linearizable, LinearizabilityChecker.Check(bank.ToHistory(), new AccountModel()).Verdict);
        second.Ok(new(true, 0));
        Assert.Equal(LinearizabilityVerdict.NotLinearizable, LinearizabilityChecker.Check(bank.ToHistory(), new AccountModel()).Verdict);
    }

    private PendingOperation<RegisterCall, RegisterReturn> Invoke(int process, RegisterCall call) => _recorder.Invoke(new(process), call);

    private LinearizabilityResult<RegisterCall, RegisterReturn> Check(CheckBudget? budget = null) =>
        LinearizabilityChecker.Check(_recorder.ToHistory(), new RegisterModel(), budget);

    /// <summary>A clock on which an hour passes between two looks.</summary>
    private sealed class LeapingTime : TimeProvider
    {
        private long _hours;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => 3600 * _hours++;
    }
}
