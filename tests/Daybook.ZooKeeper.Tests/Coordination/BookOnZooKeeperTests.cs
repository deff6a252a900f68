using Daybook.Ledgers;
using Daybook.Memory;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;
using Daybook.ZooKeeper.Tests.Recipes;

namespace Daybook.ZooKeeper.Tests.Coordination;

/// <summary>Books of several processes on the same ledgers: ZooKeeper decides who tries, fencing decides who can.</summary>
[Collection(RecipeCollection.Name)]
public sealed class BookOnZooKeeperTests(RecipeServer shared)
{
    private readonly string _root = RecipeServer.NewRoot();
    private readonly MemoryLedgerStore _ledgers = new(ordersAcrossLedgers: false);

    [SkippableFact(typeof(MissingToolException))]
    public async Task F1_book_that_is_cut_off_acknowledges_nothing_after_another_took_over()
    {
        var server = await shared.StartedAsync();
        await using var network = FaultProxy.Start(server.Port);
        await using var old = await OpenAsync(network.Address);
        var load = new CountingLoad(old);
        await load.RunAsync(100);
        Assert.Equal(100, load.Accepted);

        var opening = OpenAsync(server.ConnectString).AsTask();
        network.HoldAll();
        await load.RunAsync(until: opening);
        await using var next = await opening;
        var taken = await ValueAsync(next);
        Assert.InRange(taken, load.Accepted, load.Accepted + load.InDoubt);

        await load.RunAsync(100);
        Assert.Equal(taken, await ValueAsync(next));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F4_book_that_is_cut_off_answers_nothing_from_memory()
    {
        var server = await shared.StartedAsync();
        await using var network = FaultProxy.Start(server.Port);
        await using var book = await OpenAsync(network.Address);
        await new CountingLoad(book).RunAsync(1);
        network.HoldAll();
        await Wait.UntilAsync(async () => await RefusesAsync(book), "the book refused to read");
        network.ReleaseAll();
        await Wait.UntilAsync(async () => !await RefusesAsync(book), "the book read again");
        Assert.Equal(1, await ValueAsync(book));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C4_book_goes_on_with_a_higher_epoch_after_its_session_has_expired()
    {
        var server = await shared.StartedAsync();
        await using var network = FaultProxy.Start(server.Port);
        await using var book = await OpenAsync(network.Address);
        var load = new CountingLoad(book);
        await load.RunAsync(10);
        var before = book.Partitions[0].Epoch;
        await network.RefuseConnectionsAsync();
        network.CutAll();
        await Wait.UntilAsync(() => !book.Partitions[0].IsOwned, "the book stepped down");
        network.AcceptConnections();
        await Wait.UntilAsync(() => book.Partitions[0].Epoch > before, "the book owned its partition again");
        await load.RunAsync(10);
        Assert.Equal(20, load.Accepted);
        Assert.Equal(20, await ValueAsync(book));
    }

    private static async Task<int> ValueAsync(Book book) => (await book.ReadAsync<Counter>("one")).State?.Value ?? 0;

    private static async Task<bool> RefusesAsync(Book book)
    {
        try
        {
            await ValueAsync(book);
            return false;
        }
        catch (DaybookException refused) when (refused.Code == ErrorCode.NotOwner)
        {
            return true;
        }
    }

    private ValueTask<Book> OpenAsync(string address) => new DaybookBuilder()
        .UseLedgers(_ => new ValueTask<ILedgerStore>(_ledgers))
        .UseZooKeeper(new ZooKeeperOptions(address) { SessionTimeout = TimeSpan.FromSeconds(4) }, _root)
        .AddHandlers(typeof(CounterHandlers))
        .Configure(options => options.Partitions = 1)
        .OpenAsync();

    /// <summary>Counts up by one, command after command, and keeps account of the answers.</summary>
    private sealed class CountingLoad(Book book)
    {
        public int Accepted { get; private set; }

        public int InDoubt { get; private set; }

        public async Task RunAsync(int commands)
        {
            for (var i = 0; i < commands; i++)
                await SendAsync();
        }

        public async Task RunAsync(Task until)
        {
            while (!until.IsCompleted)
            {
                await SendAsync();
                await Task.Yield();
            }
        }

        private async Task SendAsync()
        {
            try
            {
                var outcome = await book.SendAsync(new Count("one", 1), new CommandId(Guid.NewGuid()));
                Accepted += outcome is Outcome.Accepted ? 1 : 0;
                InDoubt += outcome is Outcome.InDoubt ? 1 : 0;
            }
            catch (DaybookException e) when (e.IsTransient)
            {
                // Nothing was written.
            }
        }
    }
}
