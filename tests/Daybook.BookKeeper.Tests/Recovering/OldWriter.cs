using System.Text;
using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Recovering;

/// <summary>The writer that a recovery takes a ledger from: pipelined adds to the last segment, acknowledged in order, dead after the first EFENCED.
/// It changes no ensembles.</summary>
internal sealed class OldWriter(IBookies bookies, LedgerMetadata metadata, LedgerCredentials credentials) : IAddAnswers
{
    private readonly Dictionary<long, AckSet> _pending = [];
    private long _next = metadata.Current.First.Value;

    /// <summary>What it acknowledged to its user.</summary>
    public EntryId Acknowledged { get; private set; } = new(metadata.Current.First.Value - 1);

    public bool IsFenced { get; private set; }

    public EntryId Last => new(_next - 1);

    public static byte[] PayloadOf(long entry) => Encoding.UTF8.GetBytes($"entry {entry}");

    public static long LengthOf(long last) => Enumerable.Range(0, (int)last + 1).Sum(entry => (long)PayloadOf(entry).Length);

    public static PackagedEntry Package(LedgerId ledger, long entry, EntryId lac, LedgerCredentials credentials) =>
        PackagedEntry.Seal(new EntryHeader(ledger, new EntryId(entry), lac, LengthOf(entry)), PayloadOf(entry), credentials.Digest);

    public void Append()
    {
        var entry = new EntryId(_next++);
        var copies = metadata.Sizes.WriteSetOf(entry);
        _pending[entry.Value] = new AckSet(copies, metadata.Sizes.Ack);
        var request = new AddRequest(
            metadata.Ledger, entry, credentials.MasterKey, Package(metadata.Ledger, entry.Value, Acknowledged, credentials), AddOptions.None);
        for (var copy = 0; copy < copies.Count; copy++)
            bookies.Add(metadata.Current.Bookies[copies[copy]], request, this, copies[copy]);
    }

    public void Added(BookieId bookie, int position, EntryId entry, BookieStatus status)
    {
        IsFenced |= status == BookieStatus.Fenced;
        if (IsFenced || status != BookieStatus.Ok || !_pending.TryGetValue(entry.Value, out var acks))
            return;
        acks.Acknowledge(position);
        _pending[entry.Value] = acks;
        while (_pending.TryGetValue(Acknowledged.Value + 1, out var next) && next.IsComplete)
        {
            Acknowledged = Acknowledged.Next;
            _pending.Remove(Acknowledged.Value);
        }
    }
}
