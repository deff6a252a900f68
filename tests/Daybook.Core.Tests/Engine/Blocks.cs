using Daybook.Ledgers;
using Daybook.Memory;

namespace Daybook.Core.Tests.Engine;

/// <summary>A command whose handler does not return before it is released.</summary>
public sealed record Block(string Wallet, ManualResetEventSlim Entered, ManualResetEventSlim Release);

public static class BlockHandler
{
    public static Decision Handle(Block c, Wallet? wallet)
    {
        c.Entered.Set();
        c.Release.Wait();
        return Decision.Nothing;
    }
}

/// <summary>Keeps a partition of a book busy in a handler.</summary>
internal sealed class Blocking : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ManualResetEventSlim _entered = new();
    private readonly ManualResetEventSlim _release = new();

    /// <summary>The answer to the command that blocks.</summary>
    public Task<Outcome> Answer { get; private set; } = Task.FromResult<Outcome>(null!);

    public static ValueTask<Book> OpenAsync(Action<DaybookOptions> options, ILedgerStore? ledgers = null) => new DaybookBuilder()
        .UseLedgers(_ => new(ledgers ?? new MemoryLedgerStore()))
        .UseCoordinator(_ => new(new MemoryCoordinator()))
        .AddHandlers(typeof(WalletHandlers)).AddHandlers(typeof(BlockHandler)).Configure(options).OpenAsync();

    /// <summary>Returns once the handler runs.</summary>
    public async Task EnterAsync(Book book, string wallet)
    {
        Send(book, wallet);
        await Task.Run(() => Assert.True(_entered.Wait(Patience)));
    }

    /// <summary>Does not wait for the handler.</summary>
    public void Send(Book book, string wallet) => Answer = book.Send(new Block(wallet, _entered, _release)).AsTask();

    public void Release() => _release.Set();

    public void Dispose()
    {
        Release();
        _entered.Dispose();
    }
}
