using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Recovering;

/// <summary>
/// Recovers a ledger whose metadata are IN_RECOVERY: fences the last ensemble, reads on from the LAC with fencing reads, writes again what it finds, and
/// ends where an entry is absent for sure. Its result is what the metadata must become, in one compare-and-set.
/// </summary>
/// <remarks>
/// The facts of the protocol, section 6, "Open with recovery". Several entries are read concurrently, but decided in order: what lies behind an absent entry was
/// never acknowledged, so neither finding it nor failing to decide means anything. Every failure leaves the ledger in recovery (invariant
/// L6).
/// </remarks>
internal sealed class RecoveryMachine : BookieMachine
{
    /// <summary>How many entries are read or written again concurrently.</summary>
    public const int Window = 16;

    private readonly LedgerMetadata _metadata;
    private readonly LedgerCredentials _credentials;
    private readonly IBookieSelection _selection;
    private readonly LacMachine _fencing;
    private readonly Queue<EntryInDoubt> _window = new();
    private RecoveryAdds? _adds;
    private EntryInDoubt? _lastEntry;
    private EntryId _next;
    private bool _endFound;

    public RecoveryMachine(LedgerMetadata metadata, LedgerCredentials credentials, IBookieSelection selection)
    {
        (_metadata, _credentials, _selection) = (metadata, credentials, selection);
        _fencing = new LacMachine(metadata, credentials, LacQuestion.Fence);
    }

    /// <summary>The metadata to be written when the machine is done; null if it failed.</summary>
    public LedgerMetadata? Closed { get; private set; }

    public override void Start()
    {
        _fencing.Start();
        while (_fencing.TryNext(out var request))
            Send(request);
    }

    protected override void Hear(BookieAnswer answer)
    {
        switch (answer)
        {
            case ReadAnswered read when read.Asked == EntryId.None:
                HearFence(read);
                break;
            case ReadAnswered { Status: BookieStatus.Unauthorized }:
                Fail(Errors.BookieErrors.Of(answer.Status, isWrite: false, _metadata.Ledger, null, answer.Bookie));
                break;
            case ReadAnswered read when _lastEntry?.Entry == read.Asked:
                HearLastEntry(_lastEntry, read);
                break;
            case ReadAnswered read:
                _window.FirstOrDefault(doubt => doubt.Entry == read.Asked)?.Take(read);
                Advance();
                break;
            case AddAnswered added:
                _adds?.Take(added);
                Advance();
                break;
        }
    }

    private void HearFence(ReadAnswered answer)
    {
        if (_fencing.IsDone)
            return;
        _fencing.Take(answer);
        if (_fencing.Failure is { } failure)
        {
            Fail(failure);
        }
        else if (_fencing.IsDone)
        {
            _adds = new RecoveryAdds(_metadata, _fencing.Lac, _credentials, _selection, Send);
            _next = _fencing.Lac.Next;
            Advance();
        }
    }

    private void Advance()
    {
        if (_adds is null)
            return;
        while (!IsDone && !_endFound && _window.TryPeek(out var first) && first.Verdict != SearchVerdict.Open)
            Decide(_window.Dequeue());
        if (_adds.Failure is { } failure)
            Fail(failure);
        if (IsDone)
            return;
        while (!_endFound && _window.Count + _adds.Count < Window)
            LookForNext();
        if (_endFound && _adds.Count == 0)
            End();
    }

    private void Decide(EntryInDoubt doubt)
    {
        switch (doubt.Verdict)
        {
            case SearchVerdict.Found:
                _adds!.Add(doubt.Found!.Value);
                break;
            case SearchVerdict.Absent:
                _endFound = true;
                _window.Clear();
                break;
            default:
                Fail(Undecided(doubt, "too few bookies know whether the entry exists; the ledger stays in recovery"));
                break;
        }
    }

    private void LookForNext()
    {
        var doubt = new EntryInDoubt(_metadata, _next, _credentials.Digest);
        _next = _next.Next;
        _window.Enqueue(doubt);
        foreach (var read in doubt.Reads(ReadOptions.Fence | ReadOptions.HighPriority, _credentials.MasterKey))
            Send(read);
    }

    /// <summary>The length of the ledger is what its last entry states; one that was not recovered must be read for it.</summary>
    private void End()
    {
        if (_adds!.Length is { } length || _adds.Complete == EntryId.None)
        {
            Close(_adds.Length ?? 0);
            return;
        }
        if (_lastEntry is not null)
            return;
        _lastEntry = new EntryInDoubt(_metadata, _adds.Complete, _credentials.Digest);
        foreach (var read in _lastEntry.Reads(ReadOptions.HighPriority, default))
            Send(read);
    }

    private void HearLastEntry(EntryInDoubt lastEntry, ReadAnswered answer)
    {
        lastEntry.Take(answer);
        if (lastEntry.Found is { } found)
            Close(found.Header.Length);
        else if (lastEntry.IsExhausted)
            Fail(Undecided(lastEntry, "no bookie gave the last acknowledged entry, which states the ledger's length; the ledger stays in recovery"));
    }

    private void Close(long length)
    {
        Closed = _adds!.Metadata.Close(_adds.Complete, length);
        Finish();
    }

    private BookKeeperException Undecided(EntryInDoubt doubt, string problem) => new(
        doubt.LastError?.Error ?? BookKeeperError.NoSuchEntry, problem, _metadata.Ledger, doubt.Entry, doubt.LastError?.Bookie, doubt.LastError);
}
