namespace Daybook.Testing.Compliance;

public abstract partial class LedgerStoreCompliance
{
    /// <summary>S1.</summary>
    public async Task S1_acknowledged_entries_outlive_a_restart()
    {
        var store = await OpenStoreAsync();
        var open = await store.CreateAsync();
        var closed = await store.CreateAsync();
        await AppendAsync(open, 30);
        await AppendAsync(closed, 20);
        await closed.CloseAsync();
        if (await RestartAsync(store) is not { } restarted)
            return;
        Expect.True(!(await restarted.OpenAsync(open.Id)).IsClosed);
        await ExpectEntriesAsync(await restarted.OpenAsync(closed.Id), 20);
        var recovered = await restarted.RecoverAsync(open.Id);
        await ExpectEntriesAsync(recovered, 30);
        await using var next = await restarted.CreateAsync();
        Expect.True(next.Id != open.Id && next.Id != closed.Id);
        await AppendAsync(next, 10);
        await ExpectEntriesAsync(await restarted.OpenAsync(next.Id), 10);
    }

    /// <summary>S2.</summary>
    public async Task S2_fence_outlives_a_restart()
    {
        var store = await OpenStoreAsync();
        var writer = await store.CreateAsync();
        await AppendAsync(writer, 3);
        await store.RecoverAsync(writer.Id);
        if (await RestartAsync(store) is not { } restarted)
            return;
        var reader = await restarted.OpenAsync(writer.Id);
        Expect.True(reader.IsClosed);
        await ExpectEntriesAsync(reader, 3);
    }

    /// <summary>L22.</summary>
    public async Task L22_deletion_outlives_a_restart_and_the_id_is_never_used_again()
    {
        var store = await OpenStoreAsync();
        var writer = await store.CreateAsync();
        await AppendAsync(writer, 3);
        await store.DeleteAsync(writer.Id);
        if (await RestartAsync(store) is not { } restarted)
            return;
        await ExpectGoneAsync(restarted, writer.Id);
        await using var next = await restarted.CreateAsync();
        Expect.True(next.Id != writer.Id);
    }

    /// <summary>What a creator records about a ledger stays with it.</summary>
    public async Task Metadata_are_those_of_the_creation_also_after_a_restart()
    {
        var store = await OpenStoreAsync();
        var described = await store.CreateAsync(Bytes(1));
        var plain = await store.CreateAsync();
        await AppendAsync(described, 1);
        Expect.Bytes(Bytes(1), (await store.OpenAsync(described.Id)).Metadata);
        Expect.True((await store.OpenAsync(plain.Id)).Metadata.IsEmpty);
        await Expect.FailsAsync(ErrorCode.TooLarge, async () => await store.CreateAsync(new byte[1025]));
        if (await RestartAsync(store) is not { } restarted)
            return;
        Expect.Bytes(Bytes(1), (await restarted.OpenAsync(described.Id)).Metadata);
        Expect.Bytes(Bytes(1), (await restarted.RecoverAsync(described.Id)).Metadata);
        Expect.True((await restarted.OpenAsync(plain.Id)).Metadata.IsEmpty);
    }

    /// <summary>Every ledger that was created is listed, before and after.</summary>
    public async Task Ledgers_are_listed_also_after_a_restart()
    {
        var store = await OpenStoreAsync();
        var created = new HashSet<LedgerId>();
        for (var i = 0; i < 5; i++)
            created.Add((await store.CreateAsync()).Id);
        Expect.True(created.SetEquals(await store.ListAsync().ToListAsync()));
        if (await RestartAsync(store) is { } restarted)
            Expect.True(created.SetEquals(await restarted.ListAsync().ToListAsync()));
    }
}
