using System.Text;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Recovering;
using Daybook.BookKeeper.Tests.Recovering;

namespace Daybook.BookKeeper.Tests.Model;

/// <summary>One ledger of the model: its writer, two that recover it, one that reads it while it is written; and what must hold of it at every step.</summary>
internal sealed class ModelLedger
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly CombinedWorld _world;
    private readonly BookKeeperWriter _writer;
    private readonly List<Task<EntryId>> _appends = [];
    private readonly List<Task> _closes = [];
    private byte[]? _bytes;

    public ModelLedger(CombinedWorld world, BookKeeperWriter writer)
    {
        (_world, _writer, Id) = (world, writer, writer.Id);
        Now = world.Metadata[Id];
        var services = world.ServicesOf(Piece.Recovery, $"recovery of {Id}");
        Recoverers = new Recoverers(death => LedgerRecovery.RecoverAsync(services, Id, world.Credentials, death));
        Tail = new TailReader(world, this);
    }

    public LedgerId Id { get; }

    public Recoverers Recoverers { get; }

    public TailReader Tail { get; }

    /// <summary>The metadata as stored.</summary>
    public LedgerMetadata Now { get; private set; }

    public int Appended => _appends.Count;

    public EntryId Acknowledged { get; private set; } = EntryId.None;

    public byte[] PayloadOf(long entry) => Encoding.ASCII.GetBytes($"entry {entry} of ledger {Id}"[..(int)(12 + entry % 3)]);

    // A writer that refuses one append refuses all later ones: the ids stay right.
    public void Append() => _appends.Add(_writer.AppendAsync(PayloadOf(_appends.Count)));

    public void Close() => _closes.Add(_writer.CloseAsync().AsTask());

    /// <summary>Another client puts a bookie in the place of one of an earlier segment, and copies to it what that held.</summary>
    public void Rereplicate()
    {
        if (Now.Segments.Length < 2 || Now.State != LedgerState.Open)
            return;
        var segment = _world.Random.Next(Now.Segments.Length - 1);
        var ((first, bookies), position) = (Now.Segments[segment], _world.Random.Next(Now.Sizes.Ensemble));
        var replacement = new BookieId($"r{_world.Metadata.Writes}");
        for (var entry = first; entry < Now.Segments[segment + 1].First; entry = entry.Next)
        {
            if (Now.Sizes.WriteSetOf(entry).CopyAt(position) >= 0)
                EntriesOf(replacement)[entry.Value] = EntriesOf(Holders(entry).First(bookie => IsSound(bookie, entry)))[entry.Value];
        }
        _world.Metadata.Put(Now.ReplaceBookies(first, bookies.SetItem(position, replacement)));
    }

    /// <summary>What must hold after every step.</summary>
    public void Check()
    {
        if (_world.Metadata.BytesOf(Id) is var bytes && bytes != _bytes)
        {
            var before = Now;
            (_bytes, Now) = (bytes, _world.Metadata[Id]);
            CheckChange(before, Now);
        }
        var acknowledged = _writer.LastAddConfirmed;
        if (acknowledged < Acknowledged)
            Violated($"the writer's LAC went back from {Acknowledged} to {acknowledged}");
        for (var entry = Acknowledged.Next; entry <= acknowledged; entry = entry.Next)
            ExpectKept(entry, "was acknowledged");
        Acknowledged = acknowledged;
    }

    /// <summary>An entry that a client relies on: it is in the ledger if that is closed, and has its copies on the bookies that the
    /// metadata name.</summary>
    public void ExpectKept(EntryId entry, string what)
    {
        if (Now.State == LedgerState.Closed && entry > Now.LastEntry)
            Violated($"entry {entry} {what}, the ledger is closed at {Now.LastEntry}");
        else if (Holders(entry).Count(bookie => IsSound(bookie, entry)) is var copies && copies < Now.Sizes.Ack)
            Violated($"entry {entry} {what} and has {copies} copies of {Now.Sizes.Ack}");
    }

    public async Task CheckEndAsync()
    {
        if (Now.State != LedgerState.Closed)
        {
            Violated($"it is not closed although all answer: {Recoverers.Failures}");
            return;
        }
        await CheckEndsAsync();
        for (var entry = new EntryId(0); entry <= Now.LastEntry; entry = entry.Next)
            ExpectKept(entry, "is in the ledger");
        await CheckAppendsAsync();
        await Tail.ReadToTheEndAsync();
        await new TailReader(_world, this).ReadToTheEndAsync();
    }

    public void Violated(string what) => _world.Violations.Add($"ledger {Id} ({Now.Sizes}): {what}");

    private void CheckChange(LedgerMetadata before, LedgerMetadata now)
    {
        if (before.State == LedgerState.Closed || now.State < before.State)
            Violated($"metadata go back from {before.State} to {now.State}");
        // Re-replication replaces one bookie at a time, and neighbours that have the same bookies then are merged.
        if (before.Segments.SkipLast(1).Any(segment => segment.Bookies.Except(now.SegmentOf(segment.First).Bookies).Count() > 1))
            Violated("metadata name other bookies for the entries of an earlier segment");
        if (now.State == LedgerState.Closed && Acknowledged > now.LastEntry)
            Violated($"entry {Acknowledged} was acknowledged, the ledger is closed at {now.LastEntry}");
    }

    /// <summary>All clients that closed or recovered it agree, and so do the entries.</summary>
    private async Task CheckEndsAsync()
    {
        var length = Enumerable.Range(0, (int)Now.LastEntry.Value + 1).Sum(entry => (long)PayloadOf(entry).Length);
        HashSet<(EntryId, long)> ends = [(Now.LastEntry, Now.Length), (Now.LastEntry, length), .. Recoverers.Results];
        foreach (var close in _closes)
        {
            if (await EndsAsync(close, "a close"))
                ends.Add((_writer.LastAddConfirmed, _writer.Length));
        }
        if (ends.Count > 1)
            Violated($"it ends at {string.Join(" and ", ends)}");
    }

    private async Task CheckAppendsAsync()
    {
        for (var entry = new EntryId(0); entry.Value < _appends.Count; entry = entry.Next)
        {
            var append = _appends[(int)entry.Value];
            if (await EndsAsync(append, $"the append of entry {entry}") && (entry > Acknowledged || append.Result != entry))
                Violated($"entry {entry} was acknowledged as {append.Result} beyond {Acknowledged}");
            else if (append.Exception?.InnerException is { } failure && entry <= Now.LastEntry && failure.Message.Contains("not written", StringComparison.Ordinal))
                Violated($"entry {entry} is in the ledger, but its writer reported: {failure.Message}");
        }
    }

    /// <returns>True when it ends well.</returns>
    private async Task<bool> EndsAsync(Task work, string what)
    {
        await work.WaitAsync(s_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!work.IsCompleted)
            Violated($"{what} never ends");
        return work.IsCompletedSuccessfully;
    }

    private IEnumerable<BookieId> Holders(EntryId entry)
    {
        var copies = Now.Sizes.WriteSetOf(entry);
        return Enumerable.Range(0, copies.Count).Select(copy => Now.SegmentOf(entry).Bookies[copies[copy]]);
    }

    private SortedDictionary<long, byte[]> EntriesOf(BookieId bookie) => _world.Bookies[bookie].EntriesOf(Id);

    private bool IsSound(BookieId bookie, EntryId entry) => EntriesOf(bookie).TryGetValue(entry.Value, out var body)
        && PackagedEntry.Open(body, Id, entry, _world.Credentials.Digest, bookie).Payload.Span.SequenceEqual(PayloadOf(entry.Value));
}
