namespace Daybook.Embedded.Tests.Truncation;

/// <summary>Truncated journals: what is deleted, what stays, and what a crash in between leaves.</summary>
public sealed class TruncationTests : IAsyncLifetime
{
    private static readonly StreamId s_notes = new("notes");
    private readonly Cellar _cellar = new();

    public Task InitializeAsync() => _cellar.OpenAsync();

    public Task DisposeAsync() => _cellar.DisposeAsync().AsTask();

    [Fact]
    public async Task J5_states_outcomes_and_read_models_outlive_their_first_events_also_after_a_restart()
    {
        await _cellar.FillAsync(pours: true);
        var before = await _cellar.Ledgers.ListAsync().CountAsync();
        var starts = await _cellar.TruncateAllAsync();
        Assert.All(starts, start => Assert.True(start.Value > 0, "Nothing was truncated."));
        Assert.True(await _cellar.Ledgers.ListAsync().CountAsync() < before);
        await ExpectTruncatedAsync();
        await _cellar.OpenAsync();
        await ExpectTruncatedAsync();
        await _cellar.ExpectOutcomesAsync();
        await _cellar.FillAsync(pours: true);
        var further = await _cellar.TruncateAllAsync();
        Assert.All(further.Zip(starts), pair => Assert.True(pair.First > pair.Second));
        await _cellar.OpenAsync();
        await ExpectTruncatedAsync();
    }

    [Fact]
    public async Task Stream_without_an_aggregate_loses_its_first_events_and_keeps_its_version()
    {
        await NoteAsync();
        await _cellar.FillAsync();
        Assert.Equal(new StreamVersion(2), (await NoteAsync()).Version);
        await _cellar.TruncateAllAsync();
        await _cellar.OpenAsync();
        Assert.Equal(new StreamVersion(3), (await NoteAsync()).Version);
        var kept = new List<long>();
        var gone = await Assert.ThrowsAsync<DaybookException>(async () =>
        {
            await foreach (var recorded in _cellar.Book.Streams.ReadAsync(s_notes, direction: ReadDirection.Backwards))
                kept.Add(recorded.Version.Value);
        });
        Assert.Equal(ErrorCode.Truncated, gone.Code);
        Assert.Equal([3, 2], kept);
    }

    [Fact]
    public async Task J6_nothing_is_truncated_that_no_recovery_point_covers()
    {
        await _cellar.OpenAsync(checkpointEvery: 1_000_000);
        await _cellar.FillAsync();
        Assert.Equal([default, default], await _cellar.TruncateAllAsync());
        Assert.Null(await _cellar.ReadFromTheFirstAsync("j0"));
    }

    [Fact]
    public async Task L21_crash_between_record_and_deletion_leaves_garbage_that_the_next_owner_removes()
    {
        await _cellar.FillAsync();
        _cellar.Ledgers.StopDeleting = true;
        foreach (var partition in _cellar.Book.Partitions)
        {
            var stopped = await Assert.ThrowsAsync<DaybookException>(async () => await _cellar.Book.TruncateAsync(partition.Partition, partition.Head!.Value));
            Assert.Equal(ErrorCode.StoreFailed, stopped.Code);
        }
        var garbage = await _cellar.Ledgers.ListAsync().CountAsync();
        await ExpectTruncatedAsync();
        await _cellar.OpenAsync();
        Assert.True(await _cellar.Ledgers.ListAsync().CountAsync() < garbage, "The garbage is still there.");
        await ExpectTruncatedAsync();
    }

    [Fact]
    public async Task L21_crash_before_the_record_changes_truncates_nothing()
    {
        await _cellar.FillAsync();
        _cellar.Records.StopUpdating = true;
        await Assert.ThrowsAsync<DaybookException>(() => _cellar.TruncateAllAsync());
        await _cellar.OpenAsync();
        await _cellar.ExpectAmountsAsync();
        for (var i = 0; i < Cellar.Jars; i++)
            Assert.Null(await _cellar.ReadFromTheFirstAsync($"j{i}"));
    }

    [Fact]
    public async Task Snapshots_of_an_old_shape_do_not_count_as_kept_states()
    {
        await _cellar.FillAsync();
        await _cellar.OpenAsync(typeof(CountedJarHandlers));
        Assert.Equal(new CountedJar(Cellar.Rounds, Cellar.Rounds), (await _cellar.Book.ReadAsync<CountedJar>("j1")).State);
        Assert.All(await _cellar.TruncateAllAsync(), start => Assert.True(start.Value > 0));
        await _cellar.OpenAsync(typeof(CountedJarHandlers));
        Assert.Equal(new CountedJar(Cellar.Rounds, Cellar.Rounds), (await _cellar.Book.ReadAsync<CountedJar>("j1")).State);
    }

    [Fact]
    public async Task State_that_cannot_be_written_keeps_its_events_and_is_named()
    {
        await _cellar.FillAsync();
        await _cellar.OpenAsync(typeof(UnwritableJarHandlers));
        var refused = await Assert.ThrowsAsync<DaybookException>(() => _cellar.TruncateAllAsync());
        Assert.Contains("'jar/j", refused.Message, StringComparison.Ordinal);
        Assert.Null(await _cellar.ReadFromTheFirstAsync("j0"));
    }

    [Fact]
    public async Task State_that_can_be_written_no_more_is_folded_from_its_last_snapshot()
    {
        await _cellar.FillAsync();
        await _cellar.TruncateAllAsync();
        for (var i = 0; i < 120; i++)
            await _cellar.FillAsync("j0", -10_000);
        var now = await _cellar.Book.ReadAsync<Jar>("j0");
        var before = await _cellar.Book.ReadAsync<Jar>("j0", new StreamVersion(now.Version.Value - 1));
        Assert.Equal(now.State!.Amount + 10_000, before.State!.Amount);
        await _cellar.ExpectAmountsAsync();
    }

    [Fact]
    public async Task Parked_projection_keeps_the_records_and_is_named()
    {
        await _cellar.FillAsync();
        foreach (var jar in Enumerable.Range(0, Cellar.Jars))
            await _cellar.FillAsync($"j{jar}", Levels.Poison);
        var refused = await Assert.ThrowsAsync<DaybookException>(() => _cellar.TruncateAllAsync());
        Assert.Equal(ErrorCode.PoisonEvent, refused.Code);
        Assert.Contains("levels", refused.Message, StringComparison.Ordinal);
        Assert.Null(await _cellar.ReadFromTheFirstAsync("j0"));
    }

    [Theory]
    [InlineData(2, 0, "partition 2")]
    [InlineData(0, -1, "-1")]
    public async Task Partition_or_offset_that_cannot_be_is_named(int partition, long before, string named)
    {
        var refused = await Assert.ThrowsAsync<DaybookException>(
            async () => await _cellar.Book.TruncateAsync(new PartitionId(partition), new JournalOffset(before)));
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private async Task<Outcome.Accepted> NoteAsync()
    {
        var note = new EventData("test.jar-filled", """{"by":1,"padding":""}"""u8.ToArray());
        return Assert.IsType<Outcome.Accepted>(await _cellar.Book.Streams.AppendAsync(s_notes, ExpectedVersion.Any, new[] { note }, new CommandId(Guid.NewGuid())));
    }

    private async Task ExpectTruncatedAsync()
    {
        await _cellar.ExpectAmountsAsync();
        for (var i = 0; i < Cellar.Jars; i++)
            Assert.Equal(ErrorCode.Truncated, await _cellar.ReadFromTheFirstAsync($"j{i}"));
    }
}
