namespace Daybook.Testing.Compliance;

public abstract partial class LedgerStoreCompliance
{
    /// <summary>Nothing is read beyond what is acknowledged.</summary>
    public async Task Reading_beyond_the_last_entry_is_reported()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        var reader = await store.OpenAsync(writer.Id);
        await Expect.FailsAsync(ErrorCode.NoSuchEntry, () => reader.ReadAsync(new EntryId(0)).AsTask());
        await AppendAsync(writer, 3);
        await Expect.FailsAsync(ErrorCode.NoSuchEntry, () => reader.ReadAsync(new EntryId(3)).AsTask());
        await Expect.FailsAsync(ErrorCode.NoSuchEntry, () => reader.ReadAsync(new EntryId(-1)).AsTask());
        await Expect.FailsAsync(ErrorCode.NoSuchEntry, async () =>
        {
            await foreach (var entry in reader.ReadAsync(new EntryId(1), new EntryId(3)))
                Expect.True(entry.Id.Value is 1 or 2);
        });
    }

    /// <summary>Both ends are included; an empty range gives nothing.</summary>
    public async Task Range_is_read_with_both_ends()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        await AppendAsync(writer, 10);
        var reader = await store.OpenAsync(writer.Id);
        Expect.Equal(4, await reader.ReadAsync(new EntryId(3), new EntryId(6)).CountAsync());
        Expect.Equal(1, await reader.ReadAsync(new EntryId(9), new EntryId(9)).CountAsync());
        Expect.Equal(0, await reader.ReadAsync(new EntryId(5), new EntryId(4)).CountAsync());
        Expect.Bytes(Bytes(7), (await reader.ReadAsync(new EntryId(7))).Data);
    }

    /// <summary>Bytes that were read stay as they are.</summary>
    public async Task Entries_stay_valid_while_more_is_read_and_written()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        await AppendAsync(writer, 50);
        var reader = await store.OpenAsync(writer.Id);
        var kept = await reader.ReadAsync(new EntryId(0), new EntryId(49)).ToListAsync();
        await AppendAsync(writer, 50);
        await reader.ReadAsync(new EntryId(0), new EntryId(99)).CountAsync();
        foreach (var entry in kept)
            Expect.Bytes(Bytes(entry.Id.Value), entry.Data);
    }

    /// <summary>A buffer belongs to the caller again once the append is acknowledged.</summary>
    public async Task Buffer_may_be_reused_after_the_acknowledgement()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        var buffer = new byte[100];
        for (var i = 0; i < 10; i++)
        {
            Bytes(i).CopyTo(buffer, 0);
            await Expect.SoonAsync(writer.AppendAsync(buffer));
        }
        await ExpectEntriesAsync(await store.OpenAsync(writer.Id), 10);
    }

    /// <summary>L19: a tailing reader is woken by an entry and by the close.</summary>
    public async Task L19_waiting_ends_with_the_entry_or_with_the_close()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        var reader = await store.OpenAsync(writer.Id);
        var first = reader.WaitAsync(new EntryId(0)).AsTask();
        var third = reader.WaitAsync(new EntryId(2)).AsTask();
        Expect.True(!first.IsCompleted);
        await AppendAsync(writer, 1);
        Expect.True(await Expect.SoonAsync(first));
        await AppendAsync(writer, 1);
        Expect.True(!third.IsCompleted);
        await writer.CloseAsync();
        Expect.True(!await Expect.SoonAsync(third));
        Expect.True(await reader.WaitAsync(new EntryId(1)));
        Expect.True(!await reader.WaitAsync(new EntryId(2)));
    }

    /// <summary>Waiting ends when the ledger is recovered by somebody else.</summary>
    public async Task Waiting_ends_when_the_ledger_is_recovered()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        var waiting = (await store.OpenAsync(writer.Id)).WaitAsync(new EntryId(0)).AsTask();
        await store.RecoverAsync(writer.Id);
        Expect.True(!await Expect.SoonAsync(waiting));
    }

    /// <summary>Waiting on a deleted ledger fails instead of lasting for ever.</summary>
    public async Task Waiting_fails_when_the_ledger_is_deleted()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        var waiting = (await store.OpenAsync(writer.Id)).WaitAsync(new EntryId(0)).AsTask();
        await store.DeleteAsync(writer.Id);
        await Expect.FailsAsync(ErrorCode.NoSuchLedger, () => Expect.SoonAsync(waiting));
    }

    /// <summary>A wait can be cancelled.</summary>
    public async Task Waiting_can_be_cancelled()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        var reader = await store.OpenAsync(writer.Id);
        using var stop = new CancellationTokenSource();
        var waiting = reader.WaitAsync(new EntryId(0), stop.Token).AsTask();
        await stop.CancelAsync();
        try
        {
            await Expect.SoonAsync(waiting);
            throw new ComplianceException("Waiting_can_be_cancelled: the wait completed.");
        }
        catch (OperationCanceledException)
        {
            await AppendAsync(writer, 1);
        }
    }
}
