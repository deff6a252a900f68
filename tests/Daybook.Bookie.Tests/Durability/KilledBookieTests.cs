using System.Collections.Concurrent;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.V3;
using Daybook.Bookie.Tests.Probes;
using Daybook.Servers.BookKeeper;

namespace Daybook.Bookie.Tests.Durability;

public sealed class KilledBookieTests
{
    private const int Rounds = 5;
    private const int Ledgers = 4;
    private const int Window = 300;

    [Fact]
    public async Task S1_after_kill_9_every_acknowledged_entry_is_readable_and_every_fence_and_lac_holds()
    {
        var random = new Random(4);
        await using var bookie = await BookieProcess.StartAsync();
        var acknowledged = new ConcurrentDictionary<(long Ledger, long Entry), bool>();
        var lacs = new Dictionary<long, long>();
        for (var round = 0; round < Rounds; round++)
        {
            var first = round * Ledgers;
            await WriteUntilKilledAsync(bookie, first, random.Next(200, 4000), acknowledged, lacs);
            await bookie.RestartAsync();
            using var reader = await RawClient.ConnectAsync(bookie.Port);
            foreach (var (ledger, entry) in acknowledged.Keys.Where(key => key.Ledger >= first))
            {
                var read = await reader.ReadAsync(ledger, entry);
                Assert.True(read.Status == BookieStatus.Ok, $"round {round}: entry {entry} of ledger {ledger} was acknowledged; now {read.Status}");
                Assert.Equal(BodyOf(ledger, entry), read.Read!.Value.Body.ToArray());
            }
            Assert.Equal(BookieStatus.Fenced, (await reader.AddAsync(first + 1000, 1)).Status);
            foreach (var (ledger, lac) in lacs)
                Assert.Equal(lac, (await reader.ReadAsync(new ReadRequest(new LedgerId(ledger), new EntryId(0)))).Read!.Value.MaxLac!.Value.Value);
        }
        Assert.True(acknowledged.Count > 1000, $"{acknowledged.Count} entries were acknowledged");
    }

    [Fact]
    public async Task Bookie_that_was_asked_to_end_has_everything_when_it_comes_back()
    {
        await using var bookie = await BookieProcess.StartAsync();
        using (var client = await RawClient.ConnectAsync(bookie.Port))
            for (var entry = 0; entry < 50; entry++)
                Assert.Equal(BookieStatus.Ok, (await client.AddAsync(3, entry, options: AddOptions.DeferredSync)).Status);
        Assert.Equal(0, await bookie.StopAsync());
        await bookie.RestartAsync();
        using var reader = await RawClient.ConnectAsync(bookie.Port);
        for (var entry = 0; entry < 50; entry++)
            Assert.Equal(BookieStatus.Ok, (await reader.ReadAsync(3, entry)).Status);
    }

    private static byte[] BodyOf(long ledger, long entry) =>
        RawClient.Entry(ledger, entry, -1, Enumerable.Repeat((byte)(ledger + entry), (int)(entry * 37 % 3000)).ToArray());

    private static async Task WriteUntilKilledAsync(
        BookieProcess bookie, long first, int acknowledgements, ConcurrentDictionary<(long, long), bool> acknowledged, Dictionary<long, long> lacs)
    {
        using var client = await RawClient.ConnectAsync(bookie.Port);
        await client.AddAsync(first + 1000, 0);
        Assert.Equal(BookieStatus.Ok, (await client.FenceAsync(first + 1000)).Status);
        Assert.Equal(BookieStatus.Ok, (await client.WriteLacAsync(first + 1000, 5 + first)).Status);
        lacs[first + 1000] = 5 + first;
        using var window = new SemaphoreSlim(Window);
        var count = 0;
        var receiving = ReceiveAsync();
        for (var entry = 0L; !receiving.IsCompleted; entry++)
        {
            var ledger = first + entry % Ledgers;
            var request = RawClient.AddOf(ledger, BodyOf(ledger, entry));
            await window.WaitAsync();
            try
            {
                await client.WriteAsync(output => V3Requests.WriteAdd(output, (ulong)entry, request));
            }
            catch (IOException)
            {
                break;
            }
        }
        await receiving;

        async Task ReceiveAsync()
        {
            try
            {
                while (V3Response.Decode(await client.ReceiveAsync()).Add is { } add)
                {
                    Assert.Equal(BookieStatus.Ok, add.Status);
                    acknowledged[(add.Ledger.Value, add.Entry.Value)] = true;
                    window.Release();
                    if (++count == acknowledgements)
                        await bookie.KillAsync();
                }
            }
            catch (IOException)
            {
                window.Release(Window);
            }
        }
    }
}
