using Daybook.Core.Journals;
using Daybook.Core.Records;

namespace Daybook.Core.Tests.Journals;

/// <summary>Transcripts of takeovers: what happened, what to do next.</summary>
public sealed class TakeoverMachineTests
{
    private static readonly JournalLedger s_first = new(new LedgerId(7), new JournalOffset(0));
    private static readonly JournalLedger s_last = new(new LedgerId(8), new JournalOffset(40));
    private static readonly JournalManifest s_manifest = new() { Epoch = new Epoch(3), Ledgers = [s_first, s_last] };

    [Fact]
    public void J2_L20_new_journal_may_be_written_only_after_the_list_names_its_ledger()
    {
        var machine = new TakeoverMachine(new Epoch(5));
        Assert.IsType<TakeoverEffect.ReadManifest>(TakeoverMachine.Start);
        var raise = Assert.IsType<TakeoverEffect.WriteManifest>(machine.ManifestRead(null, 0));
        Assert.Null(raise.ExpectedVersion);
        Assert.Equal(new Epoch(5), raise.Manifest.Epoch);
        Assert.Empty(raise.Manifest.Ledgers);
        Assert.IsType<TakeoverEffect.CreateLedger>(machine.EpochRaised(1));
        var list = Assert.IsType<TakeoverEffect.WriteManifest>(machine.LedgerCreated(new LedgerId(9)));
        Assert.Equal(1, list.ExpectedVersion);
        Assert.Equal([new JournalLedger(new LedgerId(9), default)], list.Manifest.Ledgers);
        var done = Assert.IsType<TakeoverEffect.Done>(machine.LedgerListed(2));
        Assert.Equal((2, default, null), (done.Version, done.Next, done.Emptied));
    }

    [Fact]
    public void J2_epoch_is_raised_before_the_ledger_is_recovered_and_the_list_changed_after()
    {
        var machine = new TakeoverMachine(new Epoch(5));
        Assert.Equal(11, Assert.IsType<TakeoverEffect.WriteManifest>(machine.ManifestRead(s_manifest, 11)).ExpectedVersion);
        Assert.Equal(s_last, Assert.IsType<TakeoverEffect.RecoverLedger>(machine.EpochRaised(12)).Ledger);
        Assert.IsType<TakeoverEffect.CreateLedger>(machine.LedgerRecovered(new EntryFrame(new Epoch(3), new JournalOffset(50), 5)));
        var list = Assert.IsType<TakeoverEffect.WriteManifest>(machine.LedgerCreated(new LedgerId(9)));
        Assert.Equal(12, list.ExpectedVersion);
        Assert.Equal([s_first, s_last, new JournalLedger(new LedgerId(9), new JournalOffset(55))], list.Manifest.Ledgers);
        Assert.Equal(new JournalOffset(55), Assert.IsType<TakeoverEffect.Done>(machine.LedgerListed(13)).Next);
    }

    [Fact]
    public void J2_L20_loser_of_a_compare_and_set_stops_and_names_what_it_created()
    {
        var early = new TakeoverMachine(new Epoch(5));
        early.ManifestRead(s_manifest, 11);
        Assert.Null(Assert.IsType<TakeoverEffect.StepDown>(early.WriteLost()).Orphan);
        var late = new TakeoverMachine(new Epoch(5));
        late.ManifestRead(s_manifest, 11);
        late.EpochRaised(12);
        late.LedgerRecovered(null);
        late.LedgerCreated(new LedgerId(9));
        Assert.Equal(new LedgerId(9), Assert.IsType<TakeoverEffect.StepDown>(late.WriteLost()).Orphan);
    }

    [Fact]
    public void Empty_ledger_leaves_the_list()
    {
        var machine = new TakeoverMachine(new Epoch(5));
        machine.ManifestRead(s_manifest, 11);
        machine.EpochRaised(12);
        machine.LedgerRecovered(null);
        var list = Assert.IsType<TakeoverEffect.WriteManifest>(machine.LedgerCreated(new LedgerId(9)));
        Assert.Equal([s_first, new JournalLedger(new LedgerId(9), s_last.First)], list.Manifest.Ledgers);
        Assert.Equal(s_last.Id, Assert.IsType<TakeoverEffect.Done>(machine.LedgerListed(13)).Emptied);
    }

    [Theory]
    [InlineData(2, 3, 3, 4)]
    [InlineData(3, 3, 3, 4)]
    [InlineData(9, 3, 3, 9)]
    [InlineData(4, 3, 8, 9)]
    public void F3_epoch_is_higher_than_every_earlier_one(long lease, long recorded, long lastFrame, long expected)
    {
        var machine = new TakeoverMachine(new Epoch(lease));
        machine.ManifestRead(s_manifest with { Epoch = new Epoch(recorded) }, 11);
        machine.EpochRaised(12);
        machine.LedgerRecovered(new EntryFrame(new Epoch(lastFrame), new JournalOffset(50), 5));
        var list = Assert.IsType<TakeoverEffect.WriteManifest>(machine.LedgerCreated(new LedgerId(9)));
        Assert.Equal(new Epoch(expected), list.Manifest.Epoch);
    }
}
