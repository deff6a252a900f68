using Daybook.Core.Partitions.Work;
using Daybook.Core.Transactions;

namespace Daybook.Core.Tests.Transactions;

/// <summary>When a transaction counts as committed, and which partition decides. The coordinator is partition 0; the store orders nothing
/// across ledgers.</summary>
public sealed class CommitTests
{
    private readonly Script _script = new();

    [Fact]
    public void T2_vote_goes_out_only_when_the_prepared_record_is_durable()
    {
        _script.Send(_script.List(0), _script.List(1));
        _script.Deliver<LockMessage>();
        _script.Deliver<GrantMessage>();
        _script.Deliver<PrepareMessage>();
        Assert.Empty(_script.Sent<VoteMessage>());
        _script.Flush(1);
        Assert.Null(Assert.Single(_script.Sent<VoteMessage>()).Refusal);
    }

    [Fact]
    public void T2_vote_rides_on_the_order_of_a_store_that_keeps_one()
    {
        var script = new Script(ordered: true);
        script.Send(script.List(0), script.List(1));
        script.Deliver<LockMessage>();
        script.Deliver<GrantMessage>();
        script.Deliver<PrepareMessage>();
        Assert.Single(script.Sent<VoteMessage>());
    }

    [Fact]
    public void T3_nobody_hears_of_a_commit_before_the_decision_is_durable()
    {
        var work = Decided();
        Assert.Empty(_script.Sent<DecisionMessage>());
        Assert.False(Script.IsAnswered(work));
        _script.Flush(0);
        Assert.True(Assert.Single(_script.Sent<DecisionMessage>()).Commit);
        Assert.IsType<Outcome.Accepted>(Script.OutcomeOf(work));
    }

    [Fact]
    public void T3_restarted_participant_does_not_learn_of_a_decision_in_flight()
    {
        Decided();
        _script.Restart(1, keepsWhatIsInFlight: true);
        _script.Deliver<QueryMessage>();
        _script.Deliver<PeerUp>();
        Assert.Empty(_script.Sent<DecisionMessage>());
        _script.Restart(0, keepsWhatIsInFlight: false);
        _script.Book.Rest();
        Assert.Empty(_script.ValuesOf(_script.List(0)));
        Assert.Empty(_script.ValuesOf(_script.List(1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void T1_after_a_crash_in_the_decision_both_sides_agree_and_the_client_can_ask(bool decisionSurvives)
    {
        var work = Decided();
        _script.Restart(0, decisionSurvives);
        Assert.Equal(work.Id, Assert.IsType<Outcome.InDoubt>(Script.OutcomeOf(work)).CommandId);
        _script.Book.Rest();
        Assert.Equal(decisionSurvives, _script.Owner(0).Machine.State.Commands.Find(work.Id) is not null);
        Assert.Equal(decisionSurvives ? 1 : 0, _script.ValuesOf(_script.List(0)).Length);
        Assert.Equal(decisionSurvives ? 1 : 0, _script.ValuesOf(_script.List(1)).Length);
        Assert.Empty(_script.Owner(1).Machine.State.Prepared);
    }

    [Fact]
    public void T1_lost_commit_message_is_sent_again_after_any_crash()
    {
        Decided();
        _script.Flush(0);
        _script.Lose<DecisionMessage>();
        _script.Book.CrashAll();
        _script.Book.Rest();
        Assert.Single(_script.ValuesOf(_script.List(1)));
        Assert.Empty(_script.Owner(0).Machine.State.Decided);
    }

    [Fact]
    public void T3_decision_that_the_old_coordinator_writes_after_a_takeover_fails()
    {
        var work = _script.Send(_script.List(0), _script.List(1));
        _script.Deliver<LockMessage>();
        _script.Deliver<GrantMessage>();
        _script.Deliver<PrepareMessage>();
        _script.Flush(1);
        var vote = Assert.Single(_script.Sent<VoteMessage>());
        var old = _script.Owner(0);
        _script.TakeOver(0);
        _script.Deliver<PeerUp>();
        _script.Deliver<QueryMessage>();
        Assert.False(Assert.Single(_script.Sent<DecisionMessage>()).Commit);
        old.Post(vote);
        Script.Run(old);
        Assert.Equal(ErrorCode.LedgerFenced, old.Failure?.Code);
        Assert.False(Script.IsAccepted(work));
        _script.Book.Rest();
        Assert.Empty(_script.ValuesOf(_script.List(0)));
        Assert.Empty(_script.ValuesOf(_script.List(1)));
    }

    [Fact]
    public void T11_participant_that_has_no_owner_ends_the_transaction_and_home_lets_go_of_its_locks()
    {
        var work = _script.Send(_script.List(0), _script.List(1));
        _script.Lose<LockMessage>();
        TellHomeThatParticipantIsDown();
        Assert.Equal(ErrorCode.NotOwner, Script.ErrorOf(work));
        var next = _script.Send(_script.List(0));
        _script.Flush(0);
        Assert.True(Script.IsAccepted(next));
    }

    [Fact]
    public void T2_participant_that_went_down_after_its_vote_learns_that_the_transaction_was_given_up()
    {
        var work = _script.Send(_script.List(0), _script.List(1));
        _script.Deliver<LockMessage>();
        _script.Deliver<GrantMessage>();
        _script.Deliver<PrepareMessage>();
        _script.Flush(1);
        TellHomeThatParticipantIsDown();
        Assert.Equal(ErrorCode.NotOwner, Script.ErrorOf(work));
        _script.Deliver<VoteMessage>();
        _script.Lose<DecisionMessage>();
        _script.Restart(1, keepsWhatIsInFlight: true);
        _script.Book.Rest();
        Assert.Empty(_script.Owner(1).Machine.State.Prepared);
        Assert.Empty(_script.ValuesOf(_script.List(0)));
        Assert.Empty(_script.ValuesOf(_script.List(1)));
    }

    [Fact]
    public void T7_decision_is_kept_until_every_participant_has_durably_resolved_it()
    {
        var script = _script;
        script.Send(script.List(0), script.List(1), script.List(2));
        Prepared(script, 1);
        Prepared(script, 2);
        script.Deliver<VoteMessage>();
        script.Flush(0);
        var id = Assert.Single(script.Owner(0).Machine.State.Decided.Keys);
        script.Deliver<DecisionMessage>();
        Assert.Empty(script.Sent<AppliedMessage>());
        script.Flush(1);
        script.Deliver<AppliedMessage>();
        Assert.Single(script.Owner(0).Machine.State.Decided);
        script.Flush(2);
        script.Deliver<AppliedMessage>();
        Assert.Empty(script.Owner(0).Machine.State.Decided);

        // After the end no participant is prepared, so the answer to a late query does not matter.
        script.Book.Network.Send(new PartitionId(1), new QueryMessage(id, new PartitionId(1)));
        script.Book.Rest();
        Assert.Single(script.ValuesOf(script.List(1)));
        Assert.Single(script.ValuesOf(script.List(2)));
    }

    [Fact]
    public void T9_what_rests_on_an_undurable_commit_is_answered_after_it_or_goes_with_it()
    {
        var first = Decided();
        var second = _script.Send(_script.List(0));
        Assert.False(Script.IsAnswered(second));
        _script.Restart(0, keepsWhatIsInFlight: false);
        Assert.IsType<Outcome.InDoubt>(Script.OutcomeOf(first));
        Assert.IsType<Outcome.InDoubt>(Script.OutcomeOf(second));
        Assert.Empty(_script.ValuesOf(_script.List(0)));
    }

    /// <summary>Runs a transaction of lists in 0 and 1 up to the decision, which is in flight.</summary>
    private WriteWork Decided()
    {
        var work = _script.Send(_script.List(0), _script.List(1));
        Prepared(_script, 1);
        _script.Deliver<VoteMessage>();
        Assert.Single(_script.Owner(0).Machine.State.Decided);
        return work;
    }

    private static void Prepared(Script script, int participant)
    {
        while (script.Sent<PrepareMessage>().Length == 0)
        {
            if (script.Sent<LockMessage>().Length == 0)
                break;
            script.Deliver<LockMessage>();
            script.Deliver<GrantMessage>();
        }
        if (script.Sent<PrepareMessage>().Length > 0)
            script.Deliver<PrepareMessage>();
        script.Flush(participant);
    }

    private void TellHomeThatParticipantIsDown()
    {
        _script.Owner(0).Post(new PeerDown(new PartitionId(1), null));
        _script.Run();
    }
}
