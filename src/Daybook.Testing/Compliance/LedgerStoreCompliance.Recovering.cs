using Daybook.Ledgers;

namespace Daybook.Testing.Compliance;

public abstract partial class LedgerStoreCompliance
{
    /// <summary>F1, L14.</summary>
    public async Task F1_writer_of_a_recovered_ledger_is_fenced_for_good()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        await AppendAsync(writer, 5);
        var recovered = await store.RecoverAsync(writer.Id);
        Expect.True(recovered.IsClosed);
        for (var i = 0; i < 3; i++)
            await Expect.FailsAsync(ErrorCode.LedgerFenced, () => writer.AppendAsync(Bytes(5)));
        await ExpectEntriesAsync(recovered, 5);
    }

    /// <summary>L1, L4.</summary>
    public async Task L1_recovery_amid_appends_keeps_every_acknowledged_entry_and_acknowledges_none_after()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        var appends = Enumerable.Range(0, 200).Select(i => writer.AppendAsync(Bytes(i))).ToList();
        var recovering = store.RecoverAsync(writer.Id).AsTask();
        for (var i = appends.Count; i < 400; i++)
            appends.Add(writer.AppendAsync(Bytes(i)));
        var recovered = await Expect.SoonAsync(recovering);
        var outcomes = await Task.WhenAll(appends.Select(append => append.ContinueWith(
            done => done.IsCompletedSuccessfully, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)));
        var acknowledged = outcomes.TakeWhile(success => success).Count();
        Expect.True(outcomes.Skip(acknowledged).All(success => !success));
        Expect.True(recovered.LastAddConfirmed.Value >= acknowledged - 1);
        await ExpectEntriesAsync(recovered, recovered.LastAddConfirmed.Value + 1);
    }

    /// <summary>On a store that orders across ledgers an accepted append is never refused later, so that votes can ride on its order.</summary>
    public async Task T3_ordered_store_refuses_an_append_to_an_ended_ledger_in_the_call()
    {
        var store = await OpenStoreAsync();
        if (!store.OrdersAcrossLedgers)
            return;
        await using var fenced = await store.CreateAsync();
        await using var deleted = await store.CreateAsync();
        await store.RecoverAsync(fenced.Id);
        await store.DeleteAsync(deleted.Id);
        Expect.True(fenced.AppendAsync(Bytes(0)).IsFaulted);
        Expect.True(deleted.AppendAsync(Bytes(0)).IsFaulted);
    }

    /// <summary>Recovery of what is closed changes nothing.</summary>
    public async Task Recovering_a_closed_ledger_changes_nothing()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        await AppendAsync(writer, 4);
        await writer.CloseAsync();
        await ExpectEntriesAsync(await store.RecoverAsync(writer.Id), 4);
        await ExpectEntriesAsync(await store.RecoverAsync(writer.Id), 4);
        await Expect.FailsAsync(ErrorCode.LedgerClosed, () => writer.AppendAsync(Bytes(4)));
    }

    /// <summary>L10.</summary>
    public async Task L10_recoveries_at_once_agree_on_the_last_entry()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        var appends = Enumerable.Range(0, 100).Select(i => writer.AppendAsync(Bytes(i))).ToArray();
        var readers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => store.RecoverAsync(writer.Id).AsTask()));
        Expect.Equal(1, readers.Select(reader => reader.LastAddConfirmed).Distinct().Count());
        foreach (var reader in readers)
            await ExpectEntriesAsync(reader, readers[0].LastAddConfirmed.Value + 1);
        await Task.WhenAll(appends).ContinueWith(done => done.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>L11.</summary>
    public async Task L11_closing_after_a_recovery_at_the_same_entry_succeeds()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        await AppendAsync(writer, 2);
        await store.RecoverAsync(writer.Id);
        await writer.CloseAsync();
        await ExpectEntriesAsync(await store.OpenAsync(writer.Id), 2);
    }

    /// <summary>An empty ledger is closed empty.</summary>
    public async Task Ledger_without_entries_is_recovered_empty()
    {
        var store = await OpenStoreAsync();
        await using var writer = await store.CreateAsync();
        var recovered = await store.RecoverAsync(writer.Id);
        Expect.True(recovered.IsClosed);
        Expect.Equal(EntryId.None, recovered.LastAddConfirmed);
        await Expect.FailsAsync(ErrorCode.LedgerFenced, () => writer.AppendAsync(Bytes(0)));
        Expect.Equal(EntryId.None, (await store.OpenAsync(writer.Id)).LastAddConfirmed);
    }

    /// <summary>What does not exist cannot be opened.</summary>
    public async Task Unknown_ledger_is_reported()
    {
        var store = await OpenStoreAsync();
        var unknown = new LedgerId(123_456_789);
        await Expect.FailsAsync(ErrorCode.NoSuchLedger, () => store.OpenAsync(unknown).AsTask());
        await Expect.FailsAsync(ErrorCode.NoSuchLedger, () => store.RecoverAsync(unknown).AsTask());
        await store.DeleteAsync(unknown);
    }

    /// <summary>L22.</summary>
    public async Task L22_deleted_ledger_is_gone_for_readers_and_its_zombie_writer()
    {
        var store = await OpenStoreAsync();
        await using var kept = await store.CreateAsync();
        await using var writer = await store.CreateAsync();
        await AppendAsync(kept, 2);
        await AppendAsync(writer, 2);
        var reader = await store.OpenAsync(writer.Id);
        await store.RecoverAsync(writer.Id);
        await store.DeleteAsync(writer.Id);
        await store.DeleteAsync(writer.Id);
        await ExpectGoneAsync(store, writer.Id);
        await Expect.FailsAsync(ErrorCode.NoSuchLedger, () => writer.AppendAsync(Bytes(2)));
        await Expect.FailsAsync(ErrorCode.NoSuchLedger, () => reader.ReadAsync(new EntryId(0)).AsTask());
        await ExpectEntriesAsync(await store.OpenAsync(kept.Id), 2);
        await using var next = await store.CreateAsync();
        Expect.True(next.Id != writer.Id);
    }

    private static async Task ExpectGoneAsync(ILedgerStore store, LedgerId ledger)
    {
        await Expect.FailsAsync(ErrorCode.NoSuchLedger, () => store.OpenAsync(ledger).AsTask());
        await Expect.FailsAsync(ErrorCode.NoSuchLedger, () => store.RecoverAsync(ledger).AsTask());
        await foreach (var listed in store.ListAsync())
            Expect.True(listed != ledger);
    }
}
