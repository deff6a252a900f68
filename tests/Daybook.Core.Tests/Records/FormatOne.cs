using Daybook.Core.Tests.Engine;

namespace Daybook.Core.Tests.Records;

/// <summary>The commands that the fixtures of the journal formats were written by: every kind of record at least once.</summary>
internal static class FormatOne
{
    public const string File = "journal-v1.txt";
    public const string FileOfFormatTwo = "journal-v2.txt";
    public const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    public static readonly CommandOptions Options = new() { CausationId = "cause", CorrelationId = "correlation", Tenant = "tenant" };

    public static JournalFixture Write()
    {
        var pair = new TwoPartitions();
        pair.Send(new Open("alice", 1000), 1, Options, TraceParent);
        pair.Send(new Open("bob", 1000), 2);
        pair.Send(new Change("alice", 100), 3);
        pair.Send(new Change("bob", -1), 4);
        pair.Append("wallet/alice", ExpectedVersion.NoStream, 5, new EventData("note", new byte[] { 1 }));
        pair.Append("raw/1", ExpectedVersion.Any, 6, new EventData("one", new byte[] { 1, 0xFF }), new EventData("two", default));
        var moving = pair.Post(new Move("alice", "bob", 30), 7);
        pair.RunUntilDecided();
        var points = new[] { pair.RecoveryPoint(0, new LedgerId(3)).Entries, pair.RecoveryPoint(1, new LedgerId(4)).Entries };
        pair.Run(moving);
        pair.Send(new Move("alice", "bob", 1000), 8);
        pair.Send(new Open("a", 1000), 9);
        pair.Send(new Move("bob", "a", 5), 10);

        var fixture = new JournalFixture();
        fixture.Add("journal of partition 0, ledger 1", pair.Entries(0));
        fixture.Add("journal of partition 1, ledger 2", pair.Entries(1));
        fixture.Add("checkpoint of partition 0, ledger 3", points[0]);
        fixture.Add("checkpoint of partition 1, ledger 4", points[1]);
        return fixture;
    }
}
