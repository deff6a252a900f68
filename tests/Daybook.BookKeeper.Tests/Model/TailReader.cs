using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Reading;

namespace Daybook.BookKeeper.Tests.Model;

/// <summary>Follows a ledger of the model with a real reader, opened when it first can, and reads what it may.</summary>
internal sealed class TailReader(CombinedWorld world, ModelLedger ledger)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly string _actor = $"reader of {ledger.Id}";
    private BookKeeperReader? _reader;
    private EntryId _told = EntryId.None;
    private EntryId _next = EntryId.None.Next;
    private Task<bool>? _waiting;

    /// <summary>Takes in what is known, and reads it.</summary>
    public async Task FollowAsync()
    {
        _reader ??= await TryOpenAsync();
        if (_reader is null)
            return;
        _waiting ??= _reader.WaitAsync(_next).AsTask();
        Hear(_reader.LastAddConfirmed);
        if (_told < _next && !_reader.IsClosed)
            return;
        if (await _waiting.WaitAsync(s_patience) != _next <= _told)
            ledger.Violated($"the reader got a wrong answer on whether entry {_next} exists");
        _waiting = null;
        while (_next <= _told && await TryReadAsync(_reader))
            _next = _next.Next;
    }

    /// <summary>The ledger is closed, and everything can be reached.</summary>
    public async Task ReadToTheEndAsync()
    {
        for (var i = 0; i < 30 && !(_reader is { IsClosed: true } && _next > ledger.Now.LastEntry); i++)
        {
            await FollowAsync();
            world.Settle(rounds: 2);
        }
        if (_reader is not { IsClosed: true } || _next != ledger.Now.LastEntry.Next)
            ledger.Violated($"the reader knows {_reader?.LastAddConfirmed}, closed: {_reader?.IsClosed}, has read up to before {_next}; the end is {ledger.Now.LastEntry}");
    }

    private async Task<BookKeeperReader?> TryOpenAsync()
    {
        var metadata = await world.Metadata.ReadAndWatchAsync(ledger.Id);
        var opening = BookKeeperReader.OpenAsync(ReadServices.Of(world.ServicesOf(Piece.Reader, _actor)), metadata, world.Credentials).AsTask();
        world.Pump(_actor, "read lac");
        try
        {
            return await opening.WaitAsync(s_patience);
        }
        catch (BookKeeperException e) when (e.Error == BookKeeperError.NotEnoughBookies)
        {
            return null;
        }
    }

    /// <summary>Its LAC never falls, and never exceeds the acknowledged entries; those that a recovery completed count as
    /// acknowledged.</summary>
    private void Hear(EntryId lac)
    {
        if (lac < _told)
            ledger.Violated($"the reader's LAC went back from {_told} to {lac}");
        if (ledger.Now.State == LedgerState.Open && lac > ledger.Acknowledged)
            ledger.Violated($"the reader got LAC {lac}, acknowledged is {ledger.Acknowledged}");
        for (var entry = _told.Next; entry <= lac; entry = entry.Next)
            ledger.ExpectKept(entry, "was reported to a reader");
        _told = lac;
    }

    private async Task<bool> TryReadAsync(BookKeeperReader reader)
    {
        var reading = reader.ReadAsync(_next).AsTask();
        world.Pump(_actor, $"read {_next}");
        try
        {
            var entry = await reading.WaitAsync(s_patience);
            if (entry.Id != _next || !entry.Data.Span.SequenceEqual(ledger.PayloadOf(_next.Value)))
                ledger.Violated($"the reader got other bytes for entry {_next}");
            return true;
        }
        catch (BookKeeperException e)
        {
            // Bookies are away, or give damaged bytes: it may be read later. What is lost is noticed in the end.
            return e.Error == BookKeeperError.NoSuchEntry;
        }
    }
}
