using Daybook.Core.Tests.Engine;
using Daybook.Memory;
using Daybook.Projections;
using Daybook.Testing.Faults;

namespace Daybook.Core.Tests.Transactions;

/// <summary>Reading all of your own write from a projection after a transaction over several partitions.</summary>
public sealed class PositionsTests : IAsyncLifetime
{
    private readonly FaultyLedgerStore _ledgers = new(new MemoryLedgerStore());
    private readonly MemoryCoordinator _coordinator = new();
    private Book _book = null!;
    private string _from = "";
    private string _to = "";

    public async Task InitializeAsync()
    {
        _book = await OpenAsync();
        var partitions = new Dictionary<PartitionId, string>();
        for (var i = 0; partitions.Count < 2; i++)
        {
            var opened = Assert.IsType<Outcome.Accepted>(await _book.Send(new Open($"w{i}", 1000)));
            partitions.TryAdd(opened.Position.Partition, $"w{i}");
        }
        (_from, _to) = (partitions.First().Value, partitions.Last().Value);
        await _book.Send(new Change(_from, 100));
    }

    public Task DisposeAsync() => _book.DisposeAsync().AsTask();

    [Fact]
    public async Task Transaction_is_seen_whole_after_waiting_for_its_positions()
    {
        var moved = await MoveAsync();
        await _ledgers.WhenHeldAsync(1);
        var asked = _book.PositionsOfAsync(moved).AsTask();
        Assert.Equal(70, await _book.AmountOf(_from));
        Assert.False(asked.IsCompleted, "The participant has not resolved, so its part cannot be seen.");
        _ledgers.Release();
        var positions = await asked;
        Assert.Equal(moved.Position, positions[0]);
        Assert.Equal(2, positions.Select(p => p.Partition).Distinct().Count());
        await ExpectSeenAsync(moved);
    }

    [Fact]
    public async Task Positions_are_found_after_the_participant_lost_its_owner_before_it_resolved()
    {
        var moved = await MoveAsync();
        await _ledgers.WhenHeldAsync(1);
        _ledgers.LoseHeld();
        _ledgers.Release();
        await ExpectSeenAsync(moved);
    }

    [Fact]
    public async Task Positions_are_found_after_a_restart()
    {
        var moved = await MoveAsync();
        _ledgers.Release();
        await _book.DisposeAsync();
        _book = await OpenAsync();
        await ExpectSeenAsync(Assert.IsType<Outcome.Accepted>(await _book.OutcomeOfAsync(moved.CommandId)));
    }

    [Fact]
    public async Task Command_of_one_partition_has_its_own_position_only()
    {
        var changed = Assert.IsType<Outcome.Accepted>(await _book.Send(new Change(_from, 1)));
        Assert.Equal([changed.Position], await _book.PositionsOfAsync(changed));
    }

    [Theory]
    [InlineData(0, 1_000_000)]
    [InlineData(77, 0)]
    public async Task Position_that_the_book_does_not_have_is_named(int partition, long offset)
    {
        var position = new Position(new PartitionId(partition), new JournalOffset(offset));
        var forged = new Outcome.Accepted(Books.NewId(), position, StreamVersion.None);
        var error = await Assert.ThrowsAsync<DaybookException>(async () => await _book.PositionsOfAsync(forged));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains(position.ToString(), error.Message, StringComparison.Ordinal);
    }

    /// <summary>Moves 30 over two partitions: prepare and decision are let through, what comes after is held.</summary>
    private async Task<Outcome.Accepted> MoveAsync()
    {
        _ledgers.Hold();
        var moved = _book.Send(new Move(_from, _to, 30)).AsTask();
        await _ledgers.WhenHeldAsync(1);
        _ledgers.ReleaseNext();
        await _ledgers.WhenHeldAsync(1);
        _ledgers.ReleaseNext();
        return Assert.IsType<Outcome.Accepted>(await moved);
    }

    private async Task ExpectSeenAsync(Outcome.Accepted moved)
    {
        await EventuallyAsync(async () => await _book.Projections.WaitForAsync("amounts", await _book.PositionsOfAsync(moved)));
        Assert.Equal("70", (await _book.ReadModel<string>().GetAsync(_from)));
        Assert.Equal("30", (await _book.ReadModel<string>().GetAsync(_to)));
    }

    private static async Task EventuallyAsync(Func<Task> act)
    {
        while (true)
        {
            try
            {
                await act();
                return;
            }
            catch (DaybookException e) when (e.IsTransient)
            {
                await Task.Yield();
            }
        }
    }

    private ValueTask<Book> OpenAsync() => new DaybookBuilder()
        .UseLedgers(_ => new(_ledgers))
        .UseCoordinator(_ => new(_coordinator))
        .AddHandlers(typeof(WalletHandlers))
        .AddProjection<Amounts, string>()
        .Configure(o => o.Partitions = 2)
        .OpenAsync();
}

/// <summary>What each wallet holds, as text.</summary>
[Projection("amounts", Version = 1)]
public sealed class Amounts : IDocumentProjection<string>
{
    public IEnumerable<string> KeysOf(ProjectedEvent projected) => projected.Body is Changed ? [projected.Recorded.Stream.Value["wallet/".Length..]] : [];

    public string? Apply(string key, string? document, ProjectedEvent projected) =>
        $"{int.Parse(document ?? "0", System.Globalization.CultureInfo.InvariantCulture) + ((Changed)projected.Body).By}";
}
