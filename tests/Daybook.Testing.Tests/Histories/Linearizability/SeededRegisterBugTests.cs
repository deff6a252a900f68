using Daybook.Testing.Histories.Linearizability;
using Daybook.Testing.Tests.Histories.Simulation;

namespace Daybook.Testing.Tests.Histories.Linearizability;

/// <summary>The checker has to find each bug seeded in a simulated register, and nothing in the register without one.</summary>
public class SeededRegisterBugTests
{
    private const int Seeds = 100;

    [Fact]
    public void No_history_of_a_right_register_is_rejected()
    {
        for (var seed = 0; seed < 5 * Seeds; seed++)
        {
            var result = Check(new RegisterWorkload(seed, RegisterFault.None, clients: 2 + seed % 7));
            Assert.True(result.Verdict == LinearizabilityVerdict.Linearizable, $"seed {seed}: {result}");
        }
    }

    [Theory]
    [InlineData(RegisterFault.StaleRead)]
    [InlineData(RegisterFault.LostWrite)]
    [InlineData(RegisterFault.EarlyReply)]
    [InlineData(RegisterFault.TornCompareAndSet)]
    [InlineData(RegisterFault.DoubleApply)]
    [InlineData(RegisterFault.AppliedFailure)]
    public void Each_seeded_bug_is_found(RegisterFault fault)
    {
        var verdicts = Enumerable.Range(0, Seeds).Select(seed => Check(new RegisterWorkload(seed, fault)).Verdict).ToList();
        Assert.DoesNotContain(LinearizabilityVerdict.Unknown, verdicts);
        var found = verdicts.Count(v => v == LinearizabilityVerdict.NotLinearizable);
        Assert.True(found > Seeds / 2, $"{fault} found in {found} of {Seeds} histories");
    }

    [Fact]
    public void Ten_thousand_calls_are_checked() => Assert.Equal(
        LinearizabilityVerdict.Linearizable, Check(new RegisterWorkload(1, RegisterFault.None, clients: 10, callsEach: 1_000)).Verdict);

    private static LinearizabilityResult<RegisterCall, RegisterReturn> Check(RegisterWorkload workload) =>
        LinearizabilityChecker.Check(workload.Run(), new RegisterModel());
}
