using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Recovering;
using Daybook.BookKeeper.Tests.Fakes;

namespace Daybook.BookKeeper.Tests.Recovering;

/// <summary>
/// One run from a seed: a writer goes on while two clients recover its ledger, die and begin again, over bookies that lose, reorder and refuse messages. In the end
/// everything heals and the ledger is closed. <see cref="Run"/> returns the guarantee that was broken, or null.
/// </summary>
internal sealed class RecoverySchedule
{
    private static readonly QuorumSizes[] s_sizes = [new(3, 3, 2), new(3, 2, 2), new(4, 3, 2), new(5, 3, 2), new(3, 3, 3), new(2, 2, 1), new(5, 5, 3)];

    private readonly Random _random;
    private readonly LedgerWorld _world;
    private readonly OldWriter _writer;
    private readonly Recoverers _recoverers;
    private readonly HashSet<(string Kind, BookieId Bookie)> _slow = [];

    public RecoverySchedule(int seed, SeededBug bug)
    {
        _random = new Random(seed);
        var sizes = s_sizes[_random.Next(s_sizes.Length)];
        var old = Enumerable.Range(1, sizes.Ensemble).Select(i => $"a{i}").ToArray();
        var current = Enumerable.Range(1, sizes.Ensemble).Select(i => $"b{i}").ToArray();
        var segments = _random.Next(2) == 0 ? [(0L, current)] : new[] { (0L, old), (2L, current) };
        _world = new LedgerWorld(sizes, segments, "s1", "s2", "s3");
        if (segments.Length == 2)
            StoreFirstSegment(sizes, old);
        foreach (var kind in new[] { "add", "fen", "fence -1" })
            _slow.UnionWith(LedgerWorld.Named(current).Where(_ => _random.Next(5) == 0).Select(bookie => (kind, bookie)));
        _writer = _world.Writer();
        var services = Mutations.Of(bug, _world);
        _recoverers = new Recoverers(death => LedgerRecovery.RecoverAsync(services, LedgerWorld.Ledger, _world.Credentials, death));
    }

    public string? Run()
    {
        // In the presence of a context the runtime would send what follows from an answer to other threads.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return RunAlone();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private string? RunAlone()
    {
        var steps = _random.Next(50, 500);
        for (var step = 0; step < steps; step++)
            Step();
        _world.Bookies.Down.Clear();
        FinishRecoveries();
        if (_world.Now.State != LedgerState.Closed)
        {
            _recoverers.Begin(0);
            FinishRecoveries();
        }
        return Violation();
    }

    private void StoreFirstSegment(QuorumSizes sizes, string[] bookies)
    {
        for (var entry = 0; entry < 2; entry++)
        {
            var copies = sizes.WriteSetOf(new EntryId(entry));
            var missing = _random.Next(sizes.Write - sizes.Ack + 1);
            for (var copy = missing; copy < sizes.Write; copy++)
                _world.Store(entry, entry - 1, bookies[copies[copy]]);
        }
    }

    private void Step()
    {
        var flight = _world.Bookies.InFlight;
        switch (_random.Next(100))
        {
            case < 8 when _writer.Last.Value < 12:
                _writer.Append();
                break;
            case < 11:
                _recoverers.Begin(_random.Next(2));
                break;
            case < 12:
                _recoverers.Kill(_random.Next(2));
                break;
            case < 14:
                Toggle(_world.Now.Current.Bookies[_random.Next(_world.Now.Sizes.Ensemble)]);
                break;
            case < 19 when flight.Count > 0:
                _world.Bookies.Lose(flight[_random.Next(flight.Count)]);
                break;
            default:
                for (var i = 0; i < 4 && flight.Count > 0; i++)
                    DeliverOne();
                break;
        }
    }

    /// <summary>Any message, but those on slow paths are rarely let through: that is how a fence and an old add pass each other.</summary>
    private void DeliverOne()
    {
        var message = _world.Bookies.InFlight[_random.Next(_world.Bookies.InFlight.Count)];
        if (message.IsAnswer || !_slow.Contains((KindOf(message), message.Bookie)) || _random.Next(20) == 0)
            _world.Bookies.Deliver(message);
    }

    private static string KindOf(Message message) => message.What == "fence -1" ? message.What : message.What[..3];

    private void Toggle(BookieId bookie)
    {
        if (!_world.Bookies.Down.Remove(bookie))
            _world.Bookies.Down.Add(bookie);
    }

    private void FinishRecoveries()
    {
        var flight = _world.Bookies.InFlight;
        while (_recoverers.AreAtWork && flight.Count > 0)
            DeliverOne();
    }

    private string? Violation()
    {
        var closed = _world.Now;
        if (closed.State != LedgerState.Closed)
            return "the ledger is not closed although all bookies answer: " + _recoverers.Failures;
        if (_recoverers.Results.Count != 1 || !_recoverers.Results.Contains((closed.LastEntry, closed.Length)))
            return $"recoveries returned {string.Join(" and ", _recoverers.Results)}, the ledger is closed at {closed.LastEntry}";
        if (_writer.Acknowledged > closed.LastEntry)
            return $"entry {_writer.Acknowledged} was acknowledged, the ledger is closed at {closed.LastEntry}";
        if (closed.Length != OldWriter.LengthOf(closed.LastEntry.Value))
            return $"the length is {closed.Length}, not {OldWriter.LengthOf(closed.LastEntry.Value)}";
        if (_world.Metadata.Writes != 3)
            return $"metadata were written {_world.Metadata.Writes} times: more than created, begun, closed";
        for (var entry = 0; entry <= closed.LastEntry.Value; entry++)
        {
            if (Copies(closed, entry) is var copies && copies < closed.Sizes.Ack)
                return $"entry {entry} has {copies} copies of {closed.Sizes.Ack}";
        }
        _world.Bookies.DeliverAll();
        return _writer.Acknowledged <= closed.LastEntry ? null : $"entry {_writer.Acknowledged} was acknowledged after the ledger was closed at {closed.LastEntry}";
    }

    private int Copies(LedgerMetadata closed, long entry)
    {
        var copies = closed.Sizes.WriteSetOf(new EntryId(entry));
        var bookies = closed.SegmentOf(new EntryId(entry)).Bookies;
        return Enumerable.Range(0, copies.Count).Count(copy => IsSound(bookies[copies[copy]], entry));
    }

    private bool IsSound(BookieId bookie, long entry) => _world.Bookies[bookie].EntriesOf(LedgerWorld.Ledger).TryGetValue(entry, out var body)
        && PackagedEntry.Open(body, LedgerWorld.Ledger, new EntryId(entry), _world.Credentials.Digest, bookie).Payload.Span.SequenceEqual(OldWriter.PayloadOf(entry));
}
