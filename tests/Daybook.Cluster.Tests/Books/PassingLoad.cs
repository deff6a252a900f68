using System.Collections.Concurrent;

namespace Daybook.Cluster.Tests.Books;

/// <summary>Clients that pass amounts between a few purses and record the answers, to compare them with a book later.</summary>
internal sealed class PassingLoad(int seed)
{
    private const int Purses = 12;
    private const int Clients = 8;

    private readonly ConcurrentQueue<(CommandId Id, Pass Command, bool IsAccepted)> _sent = [];
    private int _accepted;

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Sends the given number of commands.</summary>
    public async Task SendAsync(Book book, int commands)
    {
        var left = commands;
        await RunAsync(book, () => Interlocked.Decrement(ref left) >= 0);
    }

    /// <summary>Sends until something has come about.</summary>
    public Task SendUntilAsync(Book book, Task done) => RunAsync(book, () => !done.IsCompleted);

    /// <summary>
    /// Every command that was acknowledged is in the book; those in doubt are sent again, and then each is there once: the purses hold what the commands make.
    /// </summary>
    public async Task ExpectOnceAsync(Book book)
    {
        var expected = new int[Purses];
        foreach (var (id, command, isAccepted) in _sent)
        {
            var outcome = isAccepted ? await book.OutcomeOfAsync(id) : await book.SendAsync(command, id);
            Assert.IsType<Outcome.Accepted>(outcome);
            expected[int.Parse(command.From[6..])] -= command.Amount;
            expected[int.Parse(command.To[6..])] += command.Amount;
        }
        for (var purse = 0; purse < Purses; purse++)
            Assert.Equal((purse, expected[purse]), (purse, (await book.ReadAsync<Purse>($"purse-{purse}")).State?.Amount ?? 0));
    }

    private Task RunAsync(Book book, Func<bool> goesOn) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(client => ClientAsync(book, new Random(HashCode.Combine(seed, client)), goesOn)));

    private async Task ClientAsync(Book book, Random random, Func<bool> goesOn)
    {
        while (goesOn())
        {
            var from = random.Next(Purses);
            var to = (from + 1 + random.Next(Purses - 1)) % Purses;
            var (id, command) = (new CommandId(Guid.NewGuid()), new Pass($"purse-{from}", $"purse-{to}", random.Next(1, 10)));
            var isAccepted = await SendAsync(book, command, id);
            _sent.Enqueue((id, command, isAccepted));
            if (isAccepted)
                Interlocked.Increment(ref _accepted);
            await Task.Yield();
        }
    }

    private static async Task<bool> SendAsync(Book book, Pass command, CommandId id)
    {
        try
        {
            return await book.SendAsync(command, id) is Outcome.Accepted;
        }
        catch (DaybookException e) when (e.IsTransient)
        {
            return false;
        }
    }
}
