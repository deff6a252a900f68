using Daybook.Coordination;

namespace Daybook.Testing.Compliance;

/// <summary>What every <see cref="ICoordinator"/> must keep.</summary>
public abstract partial class CoordinatorCompliance : ComplianceSuite
{
    /// <summary>Opens a coordinator; the first call in a test gives an empty one. The suite does not dispose of it.</summary>
    protected abstract ValueTask<ICoordinator> OpenCoordinatorAsync();

    /// <summary>Ends the coordinator as if its process were killed, and opens what is left; null when its data end with the object.</summary>
    /// <param name="coordinator">The coordinator as it was opened.</param>
    protected virtual ValueTask<ICoordinator?> RestartAsync(ICoordinator coordinator) => ValueTask.FromResult<ICoordinator?>(null);

    /// <summary>A record is what was written last.</summary>
    public async Task Record_reads_back_with_the_version_of_its_last_write()
    {
        var coordinator = await OpenCoordinatorAsync();
        Expect.True(await coordinator.ReadAsync("journals/1") is null);
        var created = await coordinator.CreateAsync("journals/1", new byte[] { 1, 2, 3 });
        await ExpectRecordAsync(coordinator, created, [1, 2, 3]);
        var updated = await coordinator.UpdateAsync("journals/1", new byte[] { 4 }, created.Version);
        Expect.True(updated.Version != created.Version);
        await ExpectRecordAsync(coordinator, updated, [4]);
        var emptied = await coordinator.UpdateAsync("journals/1", ReadOnlyMemory<byte>.Empty, updated.Version);
        await ExpectRecordAsync(coordinator, emptied, []);
    }

    /// <summary>C2.</summary>
    public async Task Create_of_a_record_that_exists_loses()
    {
        var coordinator = await OpenCoordinatorAsync();
        var created = await coordinator.CreateAsync("a", new byte[] { 1 });
        await Expect.FailsAsync(ErrorCode.VersionMismatch, () => coordinator.CreateAsync("a", new byte[] { 2 }).AsTask());
        await ExpectRecordAsync(coordinator, created, [1]);
    }

    /// <summary>Compare-and-set.</summary>
    public async Task Update_with_a_stale_version_loses_and_changes_nothing()
    {
        var coordinator = await OpenCoordinatorAsync();
        var first = await coordinator.CreateAsync("a", new byte[] { 1 });
        var second = await coordinator.UpdateAsync("a", new byte[] { 2 }, first.Version);
        await Expect.FailsAsync(ErrorCode.VersionMismatch, () => coordinator.UpdateAsync("a", new byte[] { 3 }, first.Version).AsTask());
        await Expect.FailsAsync(ErrorCode.VersionMismatch, () => coordinator.UpdateAsync("b", new byte[] { 3 }, first.Version).AsTask());
        await ExpectRecordAsync(coordinator, second, [2]);
        Expect.True(await coordinator.ReadAsync("b") is null);
    }

    /// <summary>Of many concurrent updates exactly one wins each round.</summary>
    public async Task Updates_at_once_have_one_winner()
    {
        var coordinator = await OpenCoordinatorAsync();
        var record = await coordinator.CreateAsync("a", new byte[] { 0 });
        for (byte round = 1; round <= 5; round++)
        {
            var value = new[] { round };
            var attempts = Enumerable.Range(0, 4).Select(_ => TryUpdateAsync(coordinator, value, record.Version)).ToArray();
            var won = (await Task.WhenAll(attempts)).Where(update => update is not null).ToArray();
            Expect.Equal(1, won.Length);
            record = won[0]!;
        }
        await ExpectRecordAsync(coordinator, record, [5]);
    }

    /// <summary>A record made anew is not mistaken for the one that was deleted.</summary>
    public async Task Deleted_record_is_gone_and_its_version_never_comes_back()
    {
        var coordinator = await OpenCoordinatorAsync();
        var first = await coordinator.CreateAsync("a", new byte[] { 1 });
        var second = await coordinator.UpdateAsync("a", new byte[] { 2 }, first.Version);
        await Expect.FailsAsync(ErrorCode.VersionMismatch, () => coordinator.DeleteAsync("a", first.Version).AsTask());
        await coordinator.DeleteAsync("a", second.Version);
        await coordinator.DeleteAsync("a", second.Version);
        Expect.True(await coordinator.ReadAsync("a") is null);
        await coordinator.CreateAsync("a", new byte[] { 3 });
        await Expect.FailsAsync(ErrorCode.VersionMismatch, () => coordinator.UpdateAsync("a", new byte[] { 4 }, second.Version).AsTask());
    }

    /// <summary>Listing looks one level down.</summary>
    public async Task Keys_one_level_down_are_listed_in_order()
    {
        var coordinator = await OpenCoordinatorAsync();
        foreach (var key in new[] { "journals/10", "journals/2", "journals.old/1", "nodes/a", "journals/A_b-c.d" })
            await coordinator.CreateAsync(key, new byte[] { 1 });
        Expect.True((await coordinator.ListAsync("journals")).SequenceEqual(["journals/10", "journals/2", "journals/A_b-c.d"]));
        Expect.Equal(0, (await coordinator.ListAsync("journal")).Count);
    }

    /// <summary>J10.</summary>
    public async Task J10_bad_keys_and_values_are_refused()
    {
        var coordinator = await OpenCoordinatorAsync();
        foreach (var key in new[] { "", "/a", "a/", "a//b", "a b", "a/../b", ".", "ä", new string('x', CoordinationKey.MaxLength + 1) })
            await Expect.FailsAsync(ErrorCode.InvalidArgument, async () => await coordinator.CreateAsync(key, new byte[] { 1 }));
        await Expect.FailsAsync(
            ErrorCode.TooLarge, async () => await coordinator.CreateAsync("a", new byte[CoordinationKey.MaxValueBytes + 1]));
        Expect.True(await coordinator.ReadAsync("a") is null);
        await coordinator.CreateAsync("a", new byte[CoordinationKey.MaxValueBytes]);
    }

    /// <summary>Records and their versions outlive the process.</summary>
    public async Task Records_outlive_a_restart()
    {
        var coordinator = await OpenCoordinatorAsync();
        var kept = await coordinator.CreateAsync("a/b", new byte[] { 1 });
        kept = await coordinator.UpdateAsync("a/b", new byte[] { 2 }, kept.Version);
        var dropped = await coordinator.CreateAsync("a/c", new byte[] { 1 });
        await coordinator.DeleteAsync("a/c", dropped.Version);
        if (await RestartAsync(coordinator) is not { } restarted)
            return;
        await ExpectRecordAsync(restarted, kept, [2]);
        Expect.True((await restarted.ListAsync("a")).SequenceEqual(["a/b"]));
        var updated = await restarted.UpdateAsync("a/b", new byte[] { 3 }, kept.Version);
        var again = await restarted.CreateAsync("a/c", new byte[] { 4 });
        Expect.True(updated.Version != kept.Version && again.Version != dropped.Version);
    }

    private static async Task<CoordinationRecord?> TryUpdateAsync(ICoordinator coordinator, byte[] value, long version)
    {
        try
        {
            return await coordinator.UpdateAsync("a", value, version);
        }
        catch (DaybookException lost) when (lost.Code == ErrorCode.VersionMismatch)
        {
            return null;
        }
    }

    private static async Task ExpectRecordAsync(ICoordinator coordinator, CoordinationRecord expected, byte[] value)
    {
        var found = await coordinator.ReadAsync(expected.Key);
        Expect.True(found is not null);
        Expect.Equal(expected.Key, found!.Key);
        Expect.Equal(expected.Version, found.Version);
        Expect.Bytes(value, found.Value);
    }
}
