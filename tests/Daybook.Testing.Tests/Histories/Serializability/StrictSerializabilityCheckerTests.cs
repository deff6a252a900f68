using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Serializability;
using Daybook.Testing.Histories.Text;

namespace Daybook.Testing.Tests.Histories.Serializability;

/// <summary>The textbook anomalies, each as the smallest history that shows it. All transactions of "concurrent" overlap.</summary>
public class StrictSerializabilityCheckerTests
{
    [Fact]
    public void No_transaction_at_all_is_strictly_serializable() => Assert.Empty(Concurrent().Anomalies);

    [Fact]
    public void Reads_that_one_order_explains_are_strictly_serializable() => Assert.Empty(Concurrent(
        "[[:append x 1] [:r y []]]", "[[:r x [1]] [:append y 1] [:append y 2] [:r y [1 2]]]", "[[:r x []] [:r y []]]", "[[:append x 2]]").Anomalies);

    [Fact]
    public void G0_two_transactions_that_overwrote_each_other() =>
        AssertFinds("G0", Concurrent("[[:append x 1] [:append y 1]]", "[[:append x 2] [:append y 2]]", "[[:r x [1 2]] [:r y [2 1]]]"));

    [Fact]
    public void G1a_a_read_of_an_aborted_append() => AssertFinds("G1a", Check("""
        0 :invoke :txn [[:append x 1]]
        0 :fail :txn [[:append x 1]]
        1 :invoke :txn [[:r x nil]]
        1 :ok :txn [[:r x [1]]]
        """));

    [Fact]
    public void G1b_a_read_between_two_appends_of_a_transaction() =>
        AssertFinds("G1b", Concurrent("[[:append x 1] [:append x 2]]", "[[:r x [1]]]", "[[:r x [1 2]]]"));

    [Fact]
    public void G1c_two_transactions_that_saw_each_other() =>
        AssertFinds("G1c", Concurrent("[[:append x 1] [:r y [1]]]", "[[:append y 1] [:r x [1]]]"));

    [Fact]
    public void G_single_a_read_of_half_a_transaction()
    {
        var cycle = AssertFinds("G-single", Concurrent("[[:append x 1] [:append y 1]]", "[[:r x [1]] [:r y []]]", "[[:r y [1]]]")).Cycle;
        Assert.Equal(["#1 -rw y-> #0", "#0 -wr x-> #1"], cycle.Select(d => $"{d}"));
    }

    [Fact]
    public void G2_two_transactions_that_each_missed_the_others_append() =>
        AssertFinds("G2", Concurrent("[[:r x []] [:append y 1]]", "[[:r y []] [:append x 1]]", "[[:r x [1]] [:r y [1]]]"));

    [Fact]
    public void G2_two_transactions_that_appended_to_what_both_had_read_although_nobody_reads_it_again() =>
        AssertFinds("G2", Concurrent("[[:r x []] [:append x 1]]", "[[:r x []] [:append x 2]]"));

    [Fact]
    public void G_single_realtime_a_read_that_missed_what_was_committed_before() => AssertFinds("G-single-realtime", Check("""
        0 :invoke :txn [[:append x 1]]
        0 :ok :txn [[:append x 1]]
        1 :invoke :txn [[:r x nil]]
        1 :ok :txn [[:r x []]]
        """));

    [Fact]
    public void G_single_process_a_client_that_missed_its_own_append() => AssertFinds("G-single-process", Check("""
        0 :invoke :txn [[:append x 1]]
        0 :ok :txn [[:append x 1]]
        0 :invoke :txn [[:r x nil]]
        0 :ok :txn [[:r x []]]
        """));

    [Fact]
    public void G0_realtime_a_later_append_ordered_first() => AssertFinds("G0-realtime", Check("""
        0 :invoke :txn [[:append x 1]]
        0 :ok :txn [[:append x 1]]
        1 :invoke :txn [[:append x 2]]
        1 :ok :txn [[:append x 2]]
        2 :invoke :txn [[:r x nil]]
        2 :ok :txn [[:r x [2 1]]]
        """));

    [Fact]
    public void Garbage_duplicates_and_incompatible_orders_are_found()
    {
        AssertFinds("GarbageRead", Concurrent("[[:append x 1]]", "[[:r x [1 7]]]"));
        AssertFinds("DuplicateElements", Concurrent("[[:append x 1]]", "[[:r x [1 1]]]"));
        AssertFinds("IncompatibleOrder", Concurrent("[[:append x 1]]", "[[:append x 2]]", "[[:r x [1 2]]]", "[[:r x [2]]]"));
    }

    [Fact]
    public void A_transaction_that_loses_an_append_of_its_own_is_torn() =>
        AssertFinds("TornTransaction", Concurrent("[[:append x 1] [:append x 2]]", "[[:r x [2]]]"));

    [Theory]
    [InlineData("[[:append x 9] [:r x []]]")]
    [InlineData("[[:r x [9]] [:append x 9]]")]
    [InlineData("[[:r x []] [:r x [1]]]")]
    [InlineData("[[:r x []] [:append x 9] [:r x [1 9]]]")]
    [InlineData("[[:append x 9] [:r x [9 1]]]")]
    public void A_transaction_that_contradicts_itself_is_found(string transaction) => AssertFinds("Internal", Concurrent("[[:append x 1]]", transaction));

    [Fact]
    public void An_unknown_outcome_counts_as_committed_if_any_of_its_appends_is_seen()
    {
        var unknown = "0 :invoke :txn [[:append x 1] [:append y 1]]\n0 :info :txn [[:append x 1] [:append y 1]]\n";
        Assert.Empty(Check(unknown + "1 :invoke :txn [[:r x nil] [:r y nil]]\n1 :ok :txn [[:r x []] [:r y []]]\n").Anomalies);
        Assert.Empty(Check(unknown + "1 :invoke :txn [[:r x nil] [:r y nil]]\n1 :ok :txn [[:r x [1]] [:r y [1]]]\n").Anomalies);
        AssertFinds("G-single", Check(unknown + "1 :invoke :txn [[:r x nil] [:r y nil]]\n1 :ok :txn [[:r x [1]] [:r y []]]\n"));
    }

    [Fact]
    public void An_unknown_outcome_cannot_take_effect_before_its_invocation() => AssertFinds("G1c-realtime", Check("""
        1 :invoke :txn [[:r x nil]]
        1 :ok :txn [[:r x [1]]]
        0 :invoke :txn [[:append x 1]]
        """));

    [Fact]
    public void A_value_appended_twice_and_a_missing_answer_are_errors_of_the_workload()
    {
        Assert.Throws<ArgumentException>(() => Concurrent("[[:append x 1]]", "[[:append x 1]]"));
        Assert.Throws<ArgumentException>(() => Concurrent("[[:r x nil]]"));
    }

    private static Anomaly AssertFinds(string name, SerializabilityResult result)
    {
        Assert.False(result.IsStrictlySerializable);
        var found = result.Anomalies.FirstOrDefault(a => a.Name == name);
        Assert.True(found is not null, $"expected {name}, found {result}");
        Assert.NotEmpty(found.Transactions);
        return found;
    }

    private static SerializabilityResult Concurrent(params string[] transactions)
    {
        var format = new ListAppendFormat();
        return StrictSerializabilityChecker.Check(new History<ListTransaction, ListTransaction>(transactions.Select((text, i) =>
        {
            var transaction = format.ReadCall("txn", text);
            return new Operation<ListTransaction, ListTransaction>(i, new(i), transaction, Completion.Ok, transaction, new(i), new(1000 + i));
        })));
    }

    private static SerializabilityResult Check(string history) =>
        StrictSerializabilityChecker.Check(HistoryText.Read(new StringReader(history), new ListAppendFormat()));
}
