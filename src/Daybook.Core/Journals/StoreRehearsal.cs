using Daybook.Ledgers;

namespace Daybook.Core.Journals;

/// <summary>
/// Runs what a takeover asks of a ledger store on ledgers of its own: create, append, close or take over, read, delete. The runtime
/// compiles that code while nothing waits for it. The ledgers have no origin, so no book looks at them; a process that is killed meanwhile
/// leaves one behind.
/// </summary>
internal static class StoreRehearsal
{
    /// <summary>An entry that no journal holds, so that one that is left behind is taken for no records of a book.</summary>
    public static ReadOnlyMemory<byte> Entry { get; } = Enumerable.Repeat(byte.MaxValue, 100).ToArray();

    /// <exception cref="DaybookException">The store refused something.</exception>
    public static async Task RunAsync(ILedgerStore ledgers, CancellationToken cancellationToken)
    {
        await RunAsync(ledgers, static (_, writer, token) => writer.CloseAsync(token), cancellationToken).ConfigureAwait(false);
        await RunAsync(ledgers, TakeAsync, cancellationToken).ConfigureAwait(false);
    }

    private static async Task RunAsync(
        ILedgerStore ledgers, Func<ILedgerStore, ILedgerWriter, CancellationToken, ValueTask> end, CancellationToken cancellationToken)
    {
        var writer = await ledgers.CreateAsync(default, cancellationToken).ConfigureAwait(false);
        try
        {
            await using (writer.ConfigureAwait(false))
            {
                await Task.WhenAll(writer.AppendAsync(Entry), writer.AppendAsync(Entry)).ConfigureAwait(false);
                await end(ledgers, writer, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await ledgers.DeleteAsync(writer.Id, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async ValueTask TakeAsync(ILedgerStore ledgers, ILedgerWriter writer, CancellationToken cancellationToken)
    {
        var taken = await ledgers.RecoverAsync(writer.Id, cancellationToken).ConfigureAwait(false);
        _ = await taken.ReadAsync(taken.LastAddConfirmed, cancellationToken).ConfigureAwait(false);
        await foreach (var entry in taken.ReadAsync(new EntryId(0), taken.LastAddConfirmed, cancellationToken).ConfigureAwait(false))
            _ = entry.Data.Length;
    }
}
