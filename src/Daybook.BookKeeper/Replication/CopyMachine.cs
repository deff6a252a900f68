using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Errors;
using Daybook.BookKeeper.Recovering;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Replication;

/// <summary>
/// Copies the entries that a lost bookie had to another one: each is read from the bookies that are left until one gives it with a sound digest, and added as
/// it is, but for the LAC. Several at a time; ends at the first one that nobody gives.
/// </summary>
internal sealed class CopyMachine : BookieMachine
{
    /// <summary>How many entries are in flight together.</summary>
    public const int Window = 32;

    private readonly Fragment _fragment;
    private readonly LedgerCredentials _credentials;
    private readonly BookieId _target;
    private readonly IEnumerator<EntryId> _entries;
    private readonly Dictionary<EntryId, int> _attempts = [];
    private bool _isAtEnd;

    public CopyMachine(Fragment fragment, LedgerCredentials credentials, BookieId target)
    {
        (_fragment, _credentials, _target) = (fragment, credentials, target);
        _entries = fragment.Entries().GetEnumerator();
    }

    /// <summary>How many entries the other bookie has.</summary>
    public long Copied { get; private set; }

    /// <summary>True when it is the other bookie that failed: another one may do.</summary>
    public bool HasTargetFailed { get; private set; }

    public override void Start() => Advance();

    protected override void Hear(BookieAnswer answer)
    {
        switch (answer)
        {
            case ReadAnswered read:
                HearRead(read);
                break;
            case AddAnswered added:
                HearAdd(added);
                break;
        }
    }

    private void HearRead(ReadAnswered answer)
    {
        try
        {
            if (answer.Status != BookieStatus.Ok)
                throw BookieErrors.Of(answer.Status, isWrite: false, _fragment.Metadata.Ledger, answer.Asked, answer.Bookie);
            Add(PackagedEntry.Open(answer.Response.Body, _fragment.Metadata.Ledger, answer.Asked, _credentials.Digest, answer.Bookie));
        }
        catch (BookKeeperException e)
        {
            if (!TryRead(answer.Asked))
                Fail(Unreadable(answer.Asked, e));
        }
    }

    private void Add(in OpenedEntry entry)
    {
        var header = entry.Header with { LastAddConfirmed = _fragment.Metadata.State == Metadata.LedgerState.Closed ? _fragment.Metadata.LastEntry : _fragment.Last };
        var body = PackagedEntry.Seal(header, entry.Payload, _credentials.Digest);
        Send(new SendAdd(_target, _fragment.Position, new AddRequest(header.Ledger, header.Entry, _credentials.MasterKey, body, AddOptions.Recovery)));
    }

    private void HearAdd(AddAnswered answer)
    {
        if (answer.Status != BookieStatus.Ok)
        {
            HasTargetFailed = true;
            Fail(BookieErrors.Of(answer.Status, isWrite: true, _fragment.Metadata.Ledger, answer.Entry, answer.Bookie));
            return;
        }
        Copied++;
        _attempts.Remove(answer.Entry);
        Advance();
    }

    private void Advance()
    {
        while (!_isAtEnd && _attempts.Count < Window)
        {
            if (_entries.MoveNext())
                TryRead(_entries.Current);
            else
                _isAtEnd = true;
        }
        if (_isAtEnd && _attempts.Count == 0)
            Finish();
    }

    private bool TryRead(EntryId entry)
    {
        var attempt = _attempts.GetValueOrDefault(entry);
        if (_fragment.SourceOf(entry, attempt) is not { } position)
            return false;
        _attempts[entry] = attempt + 1;
        Send(new SendRead(_fragment.Segment.Bookies[position], position, new ReadRequest(_fragment.Metadata.Ledger, entry)));
        return true;
    }

    private BookKeeperException Unreadable(EntryId entry, BookKeeperException last) =>
        new(last.Error, "no bookie gave the entry that is to be copied", _fragment.Metadata.Ledger, entry, last.Bookie, last);
}
