using Daybook.Core.Modeling;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Transactions;

namespace Daybook.Core.Tests.Transactions;

/// <summary>What a participant does after its yes, and with messages that come late, twice or out of order. The coordinator is partition 0.</summary>
public sealed class ParticipantTests
{
    private readonly Script _script = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void T2_prepared_participant_holds_its_streams_over_a_restart_and_asks(bool commits)
    {
        Prepare();
        if (commits)
            _script.Deliver<VoteMessage>();
        else
            _script.Lose<VoteMessage>();
        _script.Restart(1, keepsWhatIsInFlight: true);
        Assert.Single(_script.Sent<QueryMessage>());
        var next = _script.Send(_script.List(1));
        _script.Flush(1);
        Assert.False(Script.IsAnswered(next));
        Assert.Single(_script.Owner(1).Machine.State.Prepared);
        _script.Book.Rest();
        Assert.IsType<Outcome.Accepted>(Script.OutcomeOf(next));
        Assert.Equal(commits ? 2 : 1, _script.ValuesOf(_script.List(1)).Length);
    }

    [Fact]
    public void T4_owner_that_has_not_replayed_gives_no_answer()
    {
        Prepare();
        _script.Owner(0).Vanish();
        _script.Restart(1, keepsWhatIsInFlight: true);
        _script.Deliver<QueryMessage>();
        Assert.Empty(_script.Sent<DecisionMessage>());
        Assert.Single(_script.Owner(1).Machine.State.Prepared);
        _script.TakeOver(0);
        _script.Deliver<PeerUp>();
        _script.Deliver<QueryMessage>();
        Assert.False(Assert.Single(_script.Sent<DecisionMessage>()).Commit);
    }

    [Fact]
    public void T4_owner_gives_no_answer_while_it_decides_nor_for_a_later_owner()
    {
        Prepare();
        var id = Assert.Single(_script.Owner(1).Machine.State.Prepared.Keys);
        var later = id with { CoordinatorEpoch = _script.Owner(0).Machine.Epoch.Next };
        _script.Owner(0).Post(new QueryMessage(id, new PartitionId(1)));
        _script.Owner(0).Post(new QueryMessage(later, new PartitionId(1)));
        _script.Run();
        Assert.Empty(_script.Sent<DecisionMessage>());
    }

    [Fact]
    public void T11_locks_of_a_transaction_that_was_not_prepared_end_with_the_owner_of_its_home()
    {
        _script.Send(_script.List(0), _script.List(1));
        _script.Deliver<LockMessage>();
        var ended = HomeGoesDown();
        Assert.True(AcceptedByTheParticipantAlone());

        var late = new TransactionId(new PartitionId(0), ended, 99);
        var targets = new[] { new Target(StreamId.For("list", _script.List(1)), null!, false) };
        _script.Owner(1).Post(new LockMessage(late, new PartitionId(1), targets));
        _script.Run();
        Assert.True(AcceptedByTheParticipantAlone());
    }

    [Fact]
    public void T2_what_was_prepared_is_held_also_when_its_home_has_no_owner()
    {
        Prepare();
        HomeGoesDown();
        var next = _script.Send(_script.List(1));
        _script.Flush(1);
        Assert.Equal(ErrorCode.NotOwner, Script.ErrorOf(next));
        Assert.Single(_script.Owner(1).Machine.State.Prepared);
    }

    [Fact]
    public void T5_every_message_twice_has_one_effect()
    {
        var work = _script.Send(_script.List(0), _script.List(1));
        for (var round = 0; round < 20; round++)
        {
            foreach (var message in _script.Book.Network.OnTheWay.OfType<TransactionMessage>().ToArray())
            {
                _script.Owner(message.To.Value).Post(message);
                _script.Book.Network.Deliver(message);
            }
            _script.Run();
            _script.Flush(0);
            _script.Flush(1);
        }
        Assert.IsType<Outcome.Accepted>(Script.OutcomeOf(work));
        Assert.Single(_script.ValuesOf(_script.List(0)));
        Assert.Single(_script.ValuesOf(_script.List(1)));
        AssertNothingIsHeld();
    }

    [Fact]
    public void T5_prepare_that_comes_after_the_abort_is_refused_and_leaves_no_record()
    {
        _script.Send(_script.List(0), _script.List(1));
        _script.Deliver<LockMessage>();
        _script.Deliver<GrantMessage>();
        var late = Assert.Single(_script.Sent<PrepareMessage>());
        _script.Lose<PrepareMessage>();
        _script.Restart(0, keepsWhatIsInFlight: true);
        _script.Deliver<PeerUp>();
        _script.Owner(1).Post(late);
        _script.Run();
        Assert.NotNull(Assert.Single(_script.Sent<VoteMessage>()).Refusal);
        Assert.False(_script.Owner(1).Machine.Batches.Open.HasRecords);
        Assert.Empty(_script.Owner(1).Machine.State.Prepared);
        Assert.IsType<Outcome.Accepted>(Settled(_script.Send(_script.List(1))));
    }

    [Fact]
    public void T5_lock_that_comes_after_the_end_is_given_back()
    {
        _script.Send(_script.List(0), _script.List(1));
        var late = Assert.Single(_script.Sent<LockMessage>());
        _script.Book.Rest();
        _script.Owner(1).Post(late);
        _script.Run();
        Assert.Single(_script.Sent<GrantMessage>());
        Assert.IsType<Outcome.Accepted>(Settled(_script.Send(_script.List(1))));
        AssertNothingIsHeld();
    }

    [Fact]
    public void T5_commit_after_the_forgotten_end_is_acknowledged_and_does_nothing()
    {
        Settled(_script.Send(_script.List(0), _script.List(1)));
        var offset = _script.Owner(1).Machine.Batches.Open.Entry.Next;
        var old = new TransactionId(new PartitionId(0), _script.Owner(0).Machine.Epoch, 1);
        _script.Owner(1).Post(new DecisionMessage(old, new PartitionId(1), commit: true));
        _script.Run();
        Assert.Single(_script.Sent<AppliedMessage>());
        Assert.Equal(offset, _script.Owner(1).Machine.Batches.Open.Entry.Next);
        Assert.Single(_script.ValuesOf(_script.List(1)));
    }

    [Fact]
    public void T5_messages_of_one_transaction_do_nothing_to_the_next_on_the_same_stream()
    {
        _script.Send(_script.List(0), _script.List(1));
        var first = Assert.Single(_script.Sent<LockMessage>()).Transaction;
        _script.Book.Rest();
        _script.Send(_script.List(0), _script.List(1));
        _script.Deliver<LockMessage>();
        _script.Deliver<GrantMessage>();
        _script.Deliver<PrepareMessage>();
        _script.Owner(1).Post(new DecisionMessage(first, new PartitionId(1), commit: false));
        _script.Owner(1).Post(new DecisionMessage(first, new PartitionId(1), commit: true));
        _script.Run();
        Assert.NotEqual(first, Assert.Single(_script.Owner(1).Machine.State.Prepared.Keys));
        _script.Book.Rest();
        Assert.Equal(2, _script.ValuesOf(_script.List(1)).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void T6_prepare_of_unknown_outcome_is_settled_by_the_journal_and_not_by_memory(bool written)
    {
        var work = _script.Send(_script.List(0), _script.List(1));
        _script.Deliver<LockMessage>();
        _script.Deliver<GrantMessage>();
        _script.Deliver<PrepareMessage>();
        _script.Book.Store.Fail(_script.Owner(1).Journal.Ledger, written);
        Script.Run(_script.Owner(1));
        Assert.Empty(_script.Sent<VoteMessage>());
        _script.TakeOver(1);
        Assert.Equal(written ? 1 : 0, _script.Owner(1).Machine.State.Prepared.Count);
        Assert.Equal(written ? 1 : 0, _script.Sent<QueryMessage>().Length);
        _script.Book.Rest();
        Assert.Equal(ErrorCode.NotOwner, Script.ErrorOf(work));
        Assert.Empty(_script.ValuesOf(_script.List(0)));
        Assert.Empty(_script.ValuesOf(_script.List(1)));
        AssertNothingIsHeld();
    }

    [Fact]
    public void T8_participant_that_is_only_looked_at_writes_nothing_and_holds_its_lock_until_the_votes_are_in()
    {
        var work = _script.Send(_script.List(0), _script.List(1), "-" + _script.List(2));
        _script.Deliver<LockMessage>();
        _script.Deliver<GrantMessage>();
        _script.Deliver<LockMessage>();
        _script.Deliver<GrantMessage>();
        Assert.Equal(new PartitionId(1), Assert.Single(_script.Sent<PrepareMessage>()).To);
        var writer = _script.Send(_script.List(2));
        _script.Deliver<PrepareMessage>();
        _script.Flush(1);
        _script.Flush(2);
        Assert.False(Script.IsAnswered(writer));
        Assert.Equal(0, _script.Owner(2).Machine.Batches.Open.Entry.Next.Value);
        _script.Book.Rest();
        Assert.IsType<Outcome.Accepted>(Script.OutcomeOf(work));
        Assert.IsType<Outcome.Accepted>(Script.OutcomeOf(writer));
    }

    [Fact]
    public void T8_transaction_in_one_partition_is_one_append_and_no_message()
    {
        var work = _script.Send(_script.List(1, 0), _script.List(1, 1), _script.List(1, 2));
        Assert.DoesNotContain(_script.Book.Network.OnTheWay, message => message is TransactionMessage);
        Assert.Equal(1, _script.Owner(1).Machine.Batches.Open.Entry.Next.Value);
        _script.Flush(1);
        Assert.IsType<Outcome.Accepted>(Script.OutcomeOf(work));
    }

    [Fact]
    public void J5_two_commands_under_one_id_in_two_transactions_commit_once()
    {
        var id = new CommandId(Guid.NewGuid());
        _script.SendAs(id, _script.List(0, 0), _script.List(1, 0));
        _script.SendAs(id, _script.List(0, 1), _script.List(1, 1));
        _script.Book.Rest();
        var lengths = new[] { _script.List(0, 0), _script.List(1, 0), _script.List(0, 1), _script.List(1, 1) }.Select(list => _script.ValuesOf(list).Length).ToArray();
        Assert.Equal(2, lengths.Sum());
        Assert.Equal(lengths[0], lengths[1]);
        AssertNothingIsHeld();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void T11_nobody_waits_for_a_prepared_stream_while_its_coordinator_has_no_owner(bool waitsAlready)
    {
        Prepare();
        _script.Lose<VoteMessage>();
        var waiting = waitsAlready ? _script.Send(_script.List(1)) : null;
        HomeGoesDown();
        waiting ??= _script.Send(_script.List(1));
        var transaction = _script.Send(_script.List(1, 1), _script.List(1));
        Assert.Equal(ErrorCode.NotOwner, Script.ErrorOf(waiting));
        Assert.Equal(ErrorCode.NotOwner, Script.ErrorOf(transaction));
        var beside = _script.Send(_script.List(1, 1));
        _script.Flush(1);
        Assert.IsType<Outcome.Accepted>(Script.OutcomeOf(beside));
        _script.TakeOver(0);
        _script.Book.Rest();
        Assert.IsType<Outcome.Accepted>(Settled(_script.Send(_script.List(1))));
        AssertNothingIsHeld();
    }

    /// <summary>Runs a transaction of lists in 0 and 1 until the vote is on its way.</summary>
    private void Prepare()
    {
        _script.Send(_script.List(0), _script.List(1));
        _script.Deliver<LockMessage>();
        _script.Deliver<GrantMessage>();
        _script.Deliver<PrepareMessage>();
        _script.Flush(1);
        Assert.Single(_script.Sent<VoteMessage>());
    }

    /// <summary>The coordinator fails and there is no other; the participant hears so.</summary>
    /// <returns>Its epoch.</returns>
    private Epoch HomeGoesDown()
    {
        var ended = _script.Owner(0).Machine.Epoch;
        _script.Owner(0).Vanish();
        _script.Owner(1).Post(new PeerDown(new PartitionId(0), ended));
        _script.Run();
        return ended;
    }

    private bool AcceptedByTheParticipantAlone()
    {
        var next = _script.Send(_script.List(1));
        _script.Flush(1);
        return Script.IsAccepted(next);
    }

    private Outcome Settled(WriteWork work)
    {
        _script.Book.Rest();
        return Script.OutcomeOf(work);
    }

    private void AssertNothingIsHeld()
    {
        _script.Book.Rest();
        foreach (var state in _script.Book.Owners.Select(owner => owner.Machine.State))
        {
            Assert.Empty(state.Prepared);
            Assert.Empty(state.Decided);
            Assert.DoesNotContain(state.Streams.All, head => head.Hot is { IsFree: false });
        }
    }
}
