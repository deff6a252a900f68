using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Reading;

/// <summary>L19 under schedules from a seed: a writer that appends, changes bookies, sends its LAC and closes; messages that are late, lost
/// or reordered.</summary>
public sealed class RandomTailingTests
{
    [Theory]
    [InlineData(3, 3, 2)]
    [InlineData(3, 2, 2)]
    [InlineData(5, 3, 2)]
    [InlineData(1, 1, 1)]
    public async Task L19_what_is_read_is_a_prefix_in_order_and_never_beyond_what_was_acknowledged(int ensemble, int write, int ack)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var run = new Run(new QuorumSizes(ensemble, write, ack), seed);
            await run.PlayAsync();
        }
    }

    private sealed class Run(QuorumSizes sizes, int seed)
    {
        private readonly WrittenLedger _ledger = new(sizes);
        private readonly Random _random = new(seed);
        private long _next;
        private EntryId _told = EntryId.None;
        private Task<bool>? _waiting;

        public async Task PlayAsync()
        {
            _ledger.Append(_random.Next(3));
            var reader = await _ledger.OpenAsync();
            for (var step = 0; step < 120 && !reader.IsClosed; step++)
            {
                Act(step);
                await FollowAsync(reader);
            }
            if (!reader.IsClosed)
                _ledger.Close();
            for (var i = 0; i < 100 && (_next <= _ledger.Lac.Value || !reader.IsClosed); i++)
            {
                _ledger.Time.Advance(TimeSpan.FromMilliseconds(700));
                _ledger.Bookies.DeliverAll();
                await FollowAsync(reader);
            }
            Assert.True(_next == _ledger.Lac.Value + 1 && reader.IsClosed, $"seed {seed}: {_next} of {_ledger.Lac.Next} entries were read");
            Assert.False(await reader.WaitAsync(_ledger.Lac.Next));
        }

        private void Act(int step)
        {
            switch (_random.Next(12))
            {
                case 0 or 1 or 2: _ledger.Append(_random.Next(1, 4)); break;
                case 3: _ledger.Write(); _ledger.Lac = _ledger.LastWritten; break;
                case 4: _ledger.TellLac(); break;
                case 5: ChangeEnsemble(); break;
                case 6: _ledger.Time.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 2000))); break;
                case 7 when step > 90: _ledger.Close(); break;
                case 8: Lose(); break;
                default: Deliver(); break;
            }
        }

        private void ChangeEnsemble()
        {
            var names = "abcdefgh".Select(c => c.ToString()).ToArray();
            _random.Shuffle(names);
            _ledger.ChangeEnsemble(names[..sizes.Ensemble]);
        }

        private void Lose()
        {
            var flying = _ledger.Bookies.InFlight;
            if (flying.Count == 0)
                return;
            var status = _random.Next(3) switch { 0 => BookieStatus.TimedOut, 1 => BookieStatus.Unreachable, _ => BookieStatus.NoEntry };
            _ledger.Bookies.Lose(flying[_random.Next(flying.Count)], status);
        }

        private void Deliver()
        {
            var flying = _ledger.Bookies.InFlight;
            if (flying.Count > 0)
                _ledger.Bookies.Deliver(flying[_random.Next(flying.Count)]);
        }

        private async Task FollowAsync(BookKeeperReader reader)
        {
            _waiting ??= reader.WaitAsync(new EntryId(_next)).AsTask();
            var lac = reader.LastAddConfirmed;
            Assert.True(lac >= _told && lac <= _ledger.Lac, $"seed {seed}: the LAC went from {_told} to {lac}, the writer's is {_ledger.Lac}");
            _told = lac;
            if (lac < new EntryId(_next) && !reader.IsClosed)
                return;
            Assert.Equal(_next <= lac.Value, await _waiting);
            _waiting = null;
            while (_next <= lac.Value)
                await ReadNextAsync(reader);
        }

        private async Task ReadNextAsync(BookKeeperReader reader)
        {
            var reading = reader.ReadAsync(new EntryId(_next)).AsTask();
            _ledger.Bookies.DeliverAll();
            var entry = await reading;
            Assert.Equal(new EntryId(_next), entry.Id);
            Assert.Equal(WrittenLedger.Payload(entry.Id), entry.Data.ToArray());
            _next++;
        }
    }
}
