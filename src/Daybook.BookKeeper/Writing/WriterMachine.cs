using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Errors;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Writing;

/// <summary>
/// The one writer of an open ledger: when an entry is sent and to which bookies, when it is acknowledged, what a bookie's failure leads to,
/// when the writer is dead, how the ledger is closed. Pure: inputs are calls, one at a time; effects go to <see cref="IWriterEffects"/>.
/// </summary>
internal sealed partial class WriterMachine
{
    private readonly LedgerId _ledger;
    private readonly QuorumSizes _sizes;
    private readonly LedgerCredentials _credentials;
    private readonly WriterWindow _window;
    private readonly IWriterEffects _effects;
    private readonly WriterEnsemble _ensemble;
    private readonly PendingAdds _adds;
    private VersionedMetadata _metadata;
    private WriterState _state = WriterState.Writing;
    private EntryId _unsent = EntryId.None.Next;
    private long _bytesUnderWay;
    private long _length;

    /// <param name="metadata">Of a ledger that was created and holds no entry: only then may entries be sent (invariant L16).</param>
    /// <param name="credentials">What it was created with.</param>
    /// <param name="window">How much is under way at most.</param>
    /// <param name="effects">Carries out what follows.</param>
    public WriterMachine(VersionedMetadata metadata, LedgerCredentials credentials, WriterWindow window, IWriterEffects effects)
    {
        (_metadata, _credentials, _window, _effects) = (metadata, credentials, window, effects);
        (_ledger, _sizes) = (metadata.Value.Ledger, metadata.Value.Sizes);
        _ensemble = new WriterEnsemble(metadata.Value.Current.Bookies);
        _adds = new PendingAdds(EntryHeader.Size + credentials.Digest.Size);
    }

    /// <summary>The last entry that is acknowledged.</summary>
    public EntryId LastAddConfirmed { get; private set; } = EntryId.None;

    /// <summary>The bytes of all payloads up to <see cref="LastAddConfirmed"/>.</summary>
    public long Length { get; private set; }

    /// <summary>The first entry that was not sent yet; from here on entries wait in the writer (invariant L23).</summary>
    public EntryId FirstUnsent => _unsent;

    /// <summary>The metadata as last written or read.</summary>
    public VersionedMetadata Metadata => _metadata;

    /// <summary>Why nothing can be appended any more, or null. An append is made only while it is null.</summary>
    public BookKeeperException? Refusal => _failure ?? (_closeRequested ? WriterErrors.Closed(_ledger) : null);

    /// <summary>Appends the next entry.</summary>
    public void Append(ReadOnlyMemory<byte> payload)
    {
        _length += payload.Length;
        _adds.Append(payload, _length);
        SendWaiting();
    }

    /// <summary>A bookie answered an add, or will not.</summary>
    /// <param name="bookie">The bookie.</param>
    /// <param name="tag">As it was sent.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="status">Its answer.</param>
    public void Answered(BookieId bookie, int tag, EntryId entry, BookieStatus status)
    {
        if (_state != WriterState.Writing)
            return;
        var position = _ensemble.PositionOf(tag);
        if (status == BookieStatus.Ok)
        {
            if (_ensemble.IsCurrent(bookie, tag))
                Acknowledged(position, entry);
        }
        else if (status is BookieStatus.Fenced or BookieStatus.Unauthorized)
        {
            if (_ensemble[position] == bookie)
                Refused(BookieErrors.Of(status, isWrite: true, _ledger, entry, bookie));
        }
        else if (_ensemble.IsCurrent(bookie, tag))
        {
            Failed(position, status, entry);
        }
    }

    private void Acknowledged(int position, EntryId entry)
    {
        if (entry >= _adds.First && entry < _unsent)
            _adds[entry].Acks.Acknowledge(position);
        if (_ensemble.Recovers(position))
            ResendLacking(position);
        if (entry == _adds.First)
            Advance();
    }

    /// <summary>Acknowledges, in order, entries that have their quorum; never while a change of the ensemble is being written, since that
    /// contains the LAC.</summary>
    private void Advance()
    {
        var before = LastAddConfirmed;
        while (_state == WriterState.Writing && _change != ChangeState.Writing && _adds.First < _unsent && _adds[_adds.First].Acks.IsComplete)
        {
            ref var add = ref _adds[_adds.First];
            Length = add.Length;
            _bytesUnderWay -= add.Payload.Length;
            LastAddConfirmed = _adds.First;
            _adds.RemoveFirst();
            _effects.Complete(LastAddConfirmed);
        }
        if (LastAddConfirmed == before)
            return;
        SendWaiting();
        CloseIfDrained();
    }

    private void SendWaiting()
    {
        while (_state == WriterState.Writing && _unsent < _adds.Next && HasRoom(_adds[_unsent].Payload.Length))
            SendNext();
    }

    private bool HasRoom(int bytes)
    {
        var underWay = _unsent.Value - _adds.First.Value;
        return underWay == 0 || (underWay < _window.Adds && _bytesUnderWay + bytes <= _window.Bytes);
    }

    private void SendNext()
    {
        var entry = _unsent;
        var copies = _sizes.WriteSetOf(entry);
        ref var add = ref _adds[entry];
        PackagedEntry.Seal(new EntryHeader(_ledger, entry, LastAddConfirmed, add.Length), add.Payload.Span, _credentials.Digest, add.Head);
        add.Acks = new AckSet(copies, _sizes.Ack);
        _unsent = entry.Next;
        _bytesUnderWay += add.Payload.Length;
        for (var copy = 0; copy < copies.Count; copy++)
        {
            if (_ensemble.TakesNext(copies[copy]))
                Send(copies[copy], entry);
        }
        if (_ensemble.HasFailed && _change == ChangeState.None && !CanReachQuorum(entry))
            LackQuorum(entry);
    }

    private void Send(int position, EntryId entry)
    {
        ref var add = ref _adds[entry];
        var body = new PackagedEntry(add.Head, add.Payload);
        _effects.Send(_ensemble[position], _ensemble.TagOf(position), new AddRequest(_ledger, entry, _credentials.MasterKey, body, AddOptions.None));
    }

    /// <summary>The position's bookie is new, or back: what it lacks of what is under way goes to it.</summary>
    private void ResendLacking(int position)
    {
        for (var entry = _adds.First; entry < _unsent; entry = entry.Next)
        {
            if (_adds[entry].Acks.Lacks(position))
                Send(position, entry);
        }
    }
}
