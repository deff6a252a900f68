using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Errors;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Recovering;

/// <summary>
/// Writes the entries that a recovery found to their whole write sets again. Bookies that fail are replaced in memory only, from the first entry on that is
/// not yet complete; the one closing compare-and-set writes it (invariants L9, L13).
/// </summary>
/// <param name="metadata">As the recovery began with them.</param>
/// <param name="lac">From where the recovery goes on.</param>
/// <param name="credentials">Seal the entries.</param>
/// <param name="selection">Chooses replacements.</param>
/// <param name="send">Takes the adds.</param>
internal sealed class RecoveryAdds(
    LedgerMetadata metadata, EntryId lac, LedgerCredentials credentials, IBookieSelection selection, Action<BookieRequest> send)
{
    private readonly Queue<Pending> _pending = new();
    private readonly HashSet<BookieId> _failed = [];
    private readonly EntryId _acknowledged = lac;

    /// <summary>With the replacements made so far.</summary>
    public LedgerMetadata Metadata { get; private set; } = metadata;

    /// <summary>This entry and all before have reached their ack quorums.</summary>
    public EntryId Complete { get; private set; } = lac;

    /// <summary>How many entries are under way.</summary>
    public int Count => _pending.Count;

    /// <summary>The length that the last entry given to <see cref="Add"/> states; null before the first.</summary>
    public long? Length { get; private set; }

    /// <summary>Why the recovery cannot go on.</summary>
    public BookKeeperException? Failure { get; private set; }

    /// <summary>Sends the next entry.</summary>
    public void Add(in OpenedEntry found)
    {
        // Only what its writer acknowledged is sent as the LAC. How far this recovery has come is not certain before it has closed the ledger: another one may close
        // it sooner (invariant L10), and readers would have seen entries that do not exist; or this client may die with copies on bookies
        // that no metadata name.
        var header = found.Header with { LastAddConfirmed = _acknowledged };
        Length = header.Length;
        var pending = new Pending(header.Entry, Metadata.Sizes, PackagedEntry.Seal(header, found.Payload, credentials.Digest));
        _pending.Enqueue(pending);
        for (var copy = 0; copy < pending.Copies.Count; copy++)
            SendTo(pending, pending.Copies[copy]);
    }

    /// <summary>A bookie answered. The answer of a replaced one counts no more (invariant L12), nor does one for an entry that is
    /// complete.</summary>
    public void Take(AddAnswered answer)
    {
        if (Metadata.Current.Bookies[answer.Position] != answer.Bookie || Find(answer.Entry) is not { } pending)
            return;
        if (answer.Status == BookieStatus.Ok)
            pending.Acks.Acknowledge(answer.Position);
        else if (answer.Status == BookieStatus.Unauthorized)
            Failure = BookieErrors.Of(answer.Status, isWrite: true, Metadata.Ledger, answer.Entry, answer.Bookie);
        else
            Replace(pending, answer);
        while (_pending.TryPeek(out var first) && first.Acks.IsComplete)
            Complete = _pending.Dequeue().Entry;
    }

    private void Replace(Pending pending, AddAnswered answer)
    {
        _failed.Add(answer.Bookie);
        selection.Avoid(answer.Bookie);
        var bookies = Metadata.Current.Bookies;
        if (selection.ChooseReplacement(Metadata.Sizes, bookies, answer.Position) is not { } replacement || _failed.Contains(replacement))
        {
            GoOnWithout(pending, answer);
            return;
        }
        Metadata = Metadata.ChangeEnsemble(Complete.Next, bookies.SetItem(answer.Position, replacement));
        foreach (var again in _pending)
        {
            if (again.Replace(answer.Position))
                SendTo(again, answer.Position);
        }
    }

    private void GoOnWithout(Pending pending, AddAnswered answer)
    {
        if (pending.Fail(answer.Position) <= Metadata.Sizes.Write - Metadata.Sizes.Ack)
            return;
        const string Problem = "too few bookies took an entry that is to be recovered, and nobody is left to replace them; the ledger stays in recovery";
        var error = BookieErrors.Of(answer.Status, isWrite: true, Metadata.Ledger, answer.Entry, answer.Bookie);
        Failure = new BookKeeperException(BookKeeperError.NotEnoughBookies, Problem, Metadata.Ledger, answer.Entry, answer.Bookie, error);
    }

    private Pending? Find(EntryId entry) => _pending.FirstOrDefault(pending => pending.Entry == entry);

    private void SendTo(Pending pending, int position) =>
        send(new SendAdd(Metadata.Current.Bookies[position], position, new AddRequest(
            Metadata.Ledger, pending.Entry, credentials.MasterKey, pending.Body, AddOptions.Recovery | AddOptions.HighPriority)));

    private sealed class Pending(EntryId entry, QuorumSizes sizes, PackagedEntry body)
    {
        private readonly HashSet<int> _failed = [];
        public AckSet Acks = new(sizes.WriteSetOf(entry), sizes.Ack);

        public EntryId Entry => entry;

        public PackagedEntry Body => body;

        public WriteSet Copies { get; } = sizes.WriteSetOf(entry);

        /// <summary>A bookie failed and nobody replaces it.</summary>
        /// <returns>How many have.</returns>
        public int Fail(int position)
        {
            _failed.Add(position);
            return _failed.Count;
        }

        public bool Replace(int position)
        {
            _failed.Remove(position);
            return Acks.Replace(position);
        }
    }
}
