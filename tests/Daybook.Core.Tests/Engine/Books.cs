using Daybook.Coordination;
using Daybook.Ledgers;
using Daybook.Memory;

namespace Daybook.Core.Tests.Engine;

/// <summary>Opens books for tests and sends them commands with fresh ids.</summary>
internal static class Books
{
    public static ValueTask<Book> OpenAsync(
        ILedgerStore? ledgers = null, ICoordinator? coordinator = null, Action<DaybookOptions>? options = null, bool ordered = false) =>
        new DaybookBuilder()
            .UseLedgers(_ => new(ledgers ?? new MemoryLedgerStore(ordered)))
            .UseCoordinator(_ => new(coordinator ?? new MemoryCoordinator()))
            .AddHandlers(typeof(WalletHandlers))
            .Configure(options ?? (_ => { }))
            .OpenAsync();

    public static CommandId NewId() => new(Guid.NewGuid());

    public static ValueTask<Outcome> Send<T>(this Book book, T command)
        where T : notnull => book.SendAsync(command, NewId());

    /// <summary>Sends a command again, under the same id, until it is answered for good.</summary>
    public static async Task<Outcome> Insist<T>(this Book book, T command, CommandId? id = null)
        where T : notnull
    {
        var same = id ?? NewId();
        while (true)
        {
            try
            {
                if (await book.SendAsync(command, same) is var outcome and not Outcome.InDoubt)
                    return outcome;
            }
            catch (DaybookException e) when (e.IsTransient)
            {
                await Task.Yield();
            }
        }
    }

    public static async Task<int> AmountOf(this Book book, string wallet) =>
        (await book.ReadAsync<Wallet>(wallet)).State?.Amount ?? 0;
}
