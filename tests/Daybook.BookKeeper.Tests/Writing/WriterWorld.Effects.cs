using System.Collections.Immutable;
using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Writing;

namespace Daybook.BookKeeper.Tests.Writing;

/// <content>What the writer does to its world, and what its flaws make of that.</content>
internal sealed partial class WriterWorld
{
    void IWriterEffects.Send(BookieId bookie, int tag, in AddRequest request)
    {
        if (Failure is not null)
            Violations.Add($"L14: {request.Entry} is sent by a dead writer");
        _lastSent = request.Entry > _lastSent ? request.Entry : _lastSent;
        var position = tag % _sizes.Ensemble;
        var replaces = _holders.TryGetValue(position, out var holder) && holder.Bookie != bookie;
        _holders[position] = (bookie, tag);
        if (_flaw == WriterFlaw.ResendsAreSkipped && replaces)
        {
            var entry = request.Entry;
            _errands.Add(() => _machine.Answered(bookie, tag, entry, BookieStatus.Ok));
        }
        else
        {
            _bookies.Add(bookie, request, this, tag);
        }
    }

    void IAddAnswers.Added(BookieId bookie, int position, EntryId entry, BookieStatus status)
    {
        if (_flaw == WriterFlaw.FencesAreIgnored && status == BookieStatus.Fenced)
            status = BookieStatus.Ok;
        if (_flaw == WriterFlaw.LateAnswersCount && status == BookieStatus.Ok)
            (bookie, position) = _holders[position % _sizes.Ensemble];
        _machine.Answered(bookie, position, entry, status);
    }

    void IWriterEffects.Complete(EntryId entry)
    {
        if (_flaw == WriterFlaw.OrderIsMixedUp && _mixedUp is null)
        {
            _mixedUp = entry;
            return;
        }
        Acknowledge(entry);
        if (_mixedUp is { } late && late != EntryId.None)
            Acknowledge(late);
        _mixedUp = EntryId.None;
    }

    private void Acknowledge(EntryId entry)
    {
        if (entry != Acknowledged.Next)
            Violations.Add($"L2: entry {entry} is acknowledged after {Acknowledged}");
        if (Failure is not null || IsClosed)
            Violations.Add($"L14: entry {entry} is acknowledged by a dead writer");
        if (_recovered is { } last && entry > last)
            Violations.Add($"L4: entry {entry} is acknowledged after recovery closed at {last}");
        CheckCopies(entry);
        Acknowledged = entry;
    }

    void IWriterEffects.Fail(BookKeeperException failure, EntryId firstUnsent)
    {
        if (firstUnsent.Value <= _lastSent.Value)
            Violations.Add($"L15: entry {_lastSent} was sent, but everything from {firstUnsent} on is reported as unsent");
        if (Failure is not null)
            Violations.Add("the writer fails twice");
        Failure = failure;
    }

    void IWriterEffects.Avoid(BookieId bookie)
    {
    }

    void IWriterEffects.Choose(ImmutableArray<BookieId> ensemble, ImmutableArray<int> failed) => _errands.Add(() =>
    {
        var free = _cluster.Except(ensemble).OrderBy(_ => _random.Next()).Take(_random.Next(_cluster.Count + 1)).ToList();
        _machine.Chosen([.. failed.Zip(free, (position, bookie) => new Replacement(position, bookie))]);
    });

    void IWriterEffects.Write(LedgerMetadata metadata, int expectedVersion)
    {
        if (Failure is not null)
            Violations.Add("L14: a dead writer writes metadata");
        _errands.Add(() => Write(metadata, expectedVersion));
        if (_flaw == WriterFlaw.ChangesAreAdoptedBeforeTheyAreWritten && metadata.State == LedgerState.Open)
            _errands.Insert(0, () => _machine.Written(new VersionedMetadata(metadata, expectedVersion + 1)));
    }

    void IWriterEffects.Read() => _errands.Add(() => _machine.Seen(new VersionedMetadata(_stored, _version), null));

    void IWriterEffects.TellLac(EntryId lac, ImmutableArray<BookieId> bookies)
    {
        if (lac > Acknowledged)
            Violations.Add($"an explicit LAC of {lac} is sent, {Acknowledged} is acknowledged");
        _errands.Add(() => _machine.LacTold(lac, _random.Next(4) > 0));
    }

    void IWriterEffects.Closed(BookKeeperException? failure) => IsClosed |= failure is null;

    private void Write(LedgerMetadata metadata, int expectedVersion)
    {
        var outcome = _random.Next(20);
        if (outcome == 0)
        {
            _machine.NotWritten(new BookKeeperException(BookKeeperError.MetadataUnavailable, "ZooKeeper is away", s_ledger));
            return;
        }
        var written = _version == expectedVersion;
        if (written)
            Store(metadata);
        if (written && outcome > 4)
            _machine.Written(new VersionedMetadata(_stored, _version));
        else
            _machine.Lost(new VersionedMetadata(_stored, _version));
    }

    /// <summary>A watch fires, or seems to; the result of the read that follows may be late.</summary>
    private void Watch()
    {
        var read = new VersionedMetadata(_stored, _version);
        _errands.Insert(_random.Next(_errands.Count + 1), () => _machine.Observed(read));
    }
}
