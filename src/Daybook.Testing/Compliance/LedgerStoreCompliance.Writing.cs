namespace Daybook.Testing.Compliance;

public abstract partial class LedgerStoreCompliance
{
    /// <summary>Ids are dense from 0 and the bytes come back.</summary>
    public async Task Appended_entries_are_numbered_from_zero_and_read_back()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        Expect.Equal(EntryId.None, writer.LastAddConfirmed);
        await AppendAsync(writer, 20);
        await ExpectEntriesAsync(await store.OpenAsync(writer.Id), 20);
    }

    /// <summary>L2.</summary>
    public async Task L2_entries_in_flight_are_acknowledged_in_order()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        var appends = Enumerable.Range(0, 500).Select(i => writer.AppendAsync(Bytes(i))).ToArray();
        for (var i = 0; i < appends.Length; i++)
        {
            Expect.Equal(new EntryId(i), await Expect.SoonAsync(appends[i]));
            Expect.True(writer.LastAddConfirmed.Value >= i);
            Expect.True(appends.Take(i).All(earlier => earlier.IsCompletedSuccessfully));
        }
        await ExpectEntriesAsync(await store.OpenAsync(writer.Id), appends.Length);
    }

    /// <summary>Writers of different ledgers do not see each other.</summary>
    public async Task Ledgers_written_at_once_keep_their_own_entries()
    {
        var store = await OpenStoreAsync();
        var writers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.CreateAsync().AsTask()));
        Expect.Equal(8, writers.Select(writer => writer.Id).Distinct().Count());
        await Task.WhenAll(writers.Select(writer => AppendAsync(writer, 50)));
        foreach (var writer in writers)
            await ExpectEntriesAsync(await store.OpenAsync(writer.Id), 50);
    }

    /// <summary>Sizes from nothing to the limit.</summary>
    public async Task Entries_of_every_size_up_to_the_limit_read_back()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        int[] sizes = [0, 1, 7, 8, 9, 4095, 4096, 4097, 100_000, store.MaxEntryBytes];
        foreach (var size in sizes)
            await Expect.SoonAsync(writer.AppendAsync(Bytes(size, size)));
        var reader = await store.OpenAsync(writer.Id);
        await foreach (var entry in reader.ReadAsync(new EntryId(0), new EntryId(sizes.Length - 1)))
            Expect.Bytes(Bytes(sizes[entry.Id.Value], sizes[entry.Id.Value]), entry.Data);
        for (var i = 0; i < sizes.Length; i++)
            Expect.Bytes(Bytes(sizes[i], sizes[i]), (await reader.ReadAsync(new EntryId(i))).Data);
    }

    /// <summary>Nothing happens on an entry that is too large, and the writer lives on.</summary>
    public async Task Entry_beyond_the_limit_is_refused_and_takes_no_number()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        await AppendAsync(writer, 1);
        await Expect.FailsAsync(ErrorCode.TooLarge, () => writer.AppendAsync(new byte[store.MaxEntryBytes + 1]));
        await AppendAsync(writer, 1);
        await ExpectEntriesAsync(await store.OpenAsync(writer.Id), 2);
    }

    /// <summary>A closed ledger takes nothing.</summary>
    public async Task Closed_ledger_ends_at_its_last_entry_and_takes_no_more()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        var reader = await store.OpenAsync(writer.Id);
        Expect.True(!reader.IsClosed);
        var inFlight = writer.AppendAsync(Bytes(0));
        await writer.CloseAsync();
        await Expect.SoonAsync(inFlight);
        Expect.True((await store.OpenAsync(writer.Id)).IsClosed);
        await Expect.FailsAsync(ErrorCode.LedgerClosed, () => writer.AppendAsync(Bytes(1)));
        await ExpectEntriesAsync(await store.OpenAsync(writer.Id), 1);
        await writer.CloseAsync();
    }

    /// <summary>Letting go is not closing.</summary>
    public async Task Disposed_writer_leaves_its_ledger_open_to_be_recovered()
    {
        var store = await OpenStoreAsync();
        var writer = await store.CreateAsync();
        await AppendAsync(writer, 3);
        await writer.DisposeAsync();
        Expect.True(!(await store.OpenAsync(writer.Id)).IsClosed);
        await Expect.FailsAsync(ErrorCode.LedgerClosed, () => writer.AppendAsync(Bytes(3)));
        var recovered = await store.RecoverAsync(writer.Id);
        Expect.True(recovered.IsClosed);
        await ExpectEntriesAsync(recovered, 3);
    }
}
