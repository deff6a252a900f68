using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Tests.Probes;
using Daybook.Testing.Faults;

namespace Daybook.Bookie.Tests.Serving;

public sealed class FuzzTests
{
    private const int Rounds = 400;
    private const long MostMemory = 200L * 1024 * 1024;

    private static readonly byte[][] s_seeds =
    [
        Recorded.Sent("v3 ADD entry 0"), Recorded.Sent("v3 READ entry 0"), Recorded.Sent("v3 FORCE_LEDGER"), Recorded.Sent("v3 WRITE_LAC 4"),
        Recorded.Sent("v3 GET_BOOKIE_INFO 3"), Recorded.Sent("v3 AUTH with auth off  "), Recorded.Sent("long poll prev=0 ENTRY_PIGGYBACK"),
        Recorded.Sent("FENCE read entry -1"), Recorded.Sent("v2 ADD  "), Recorded.Sent("v2 READ 0"), Recorded.Sent("v2 READ -1 with fencing flag"),
        Recorded.Sent("v2 BATCH_READ start 1 maxCount 3 maxSize 0"),
    ];

    [Fact]
    public async Task Any_bytes_cost_their_sender_the_connection_at_most_and_others_go_on()
    {
        await using var bookie = await TestBookie.StartAsync(new SimulatedFileSystem());
        using var honest = await bookie.ConnectAsync();
        var random = new Random(20261125);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < Rounds; round++)
        {
            using (var hostile = await bookie.ConnectAsync())
            {
                for (var frames = random.Next(1, 5); frames > 0; frames--)
                    await TrySendAsync(hostile, Damage(s_seeds[random.Next(s_seeds.Length)], random));
            }
            Assert.Equal(BookieStatus.Ok, (await honest.AddAsync(1_000_000, round, payload: new byte[100])).Status);
            Assert.Equal(BookieStatus.Ok, (await honest.ReadAsync(1_000_000, round)).Status);
        }
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MostMemory);
    }

    [Fact]
    public async Task Client_that_asks_and_does_not_read_costs_bounded_memory()
    {
        await using var bookie = await TestBookie.StartAsync(new SimulatedFileSystem());
        using var honest = await bookie.ConnectAsync();
        Assert.Equal(BookieStatus.Ok, (await honest.AddAsync(7, 0, payload: new byte[1024 * 1024])).Status);
        using var greedy = await bookie.ConnectAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var read = new ReadRequest(new LedgerId(7), new EntryId(0));
        for (var i = 0; i < 2000; i++)
            await greedy.WriteAsync(output => BookKeeper.Wire.V3.V3Requests.WriteRead(output, 1, read));
        Assert.Equal(BookieStatus.Ok, (await honest.ReadAsync(7, 0)).Status);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64L * 1024 * 1024);
        for (var i = 0; i < 2000; i++)
            Assert.True((await greedy.ReceiveAsync()).Length > 1024 * 1024);
    }

    private static async Task TrySendAsync(RawClient client, byte[] bytes)
    {
        try
        {
            await client.SendAsync(bytes);
        }
        catch (IOException)
        {
            // Closed already, for what came before.
        }
    }

    private static byte[] Damage(byte[] seed, Random random)
    {
        var bytes = (byte[])seed.Clone();
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(1, bytes.Length)];
            case 1:
                for (var i = random.Next(1, 6); i > 0; i--)
                    bytes[random.Next(4, bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 2:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 3:
                random.NextBytes(bytes);
                return bytes;
            default:
                return bytes;
        }
    }
}
