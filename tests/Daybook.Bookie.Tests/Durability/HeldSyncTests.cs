using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.V3;
using Daybook.Bookie.Storage;
using Daybook.Bookie.Tests.Probes;
using Daybook.Testing.Faults;

namespace Daybook.Bookie.Tests.Durability;

public sealed class HeldSyncTests
{
    [Fact]
    public async Task S2_no_answer_to_a_fencing_read_add_lac_or_force_comes_before_its_sync()
    {
        var files = new HeldSyncs(new SimulatedFileSystem());
        await using var bookie = await TestBookie.StartAsync(files);
        using var first = await bookie.ConnectAsync();
        using var second = await bookie.ConnectAsync();
        using var third = await bookie.ConnectAsync();
        await first.AddAsync(7, 0);
        files.Hold();
        var add = first.AddAsync(7, 1);
        await AcceptedAsync(bookie, () => bookie.Service.Table.Find(new LedgerId(7))!.Entries.Last == new EntryId(1));
        var fence = second.FenceAsync(7, 0);
        await AcceptedAsync(bookie, () => bookie.Service.Table.Find(new LedgerId(7))!.IsFenced);
        // Fenced by a request whose fence is still on its way: the next one waits for it too, even if its answer is "no entry".
        var missing = third.FenceAsync(7, 99);
        using var fourth = await bookie.ConnectAsync();
        Assert.Equal(BookieStatus.Fenced, (await fourth.AddAsync(7, 2)).Status);
        var force = fourth.ForceAsync(7);
        using var fifth = await bookie.ConnectAsync();
        var lac = fifth.WriteLacAsync(8, 3);
        await AcceptedAsync(bookie, () => bookie.Service.Table.Find(new LedgerId(8))?.ExplicitLac is not null);
        using var sixth = await bookie.ConnectAsync();
        Assert.Equal(BookieStatus.Ok, (await sixth.AddAsync(9, 0, options: AddOptions.DeferredSync)).Status);
        Assert.Equal(BookieStatus.Ok, (await sixth.ReadAsync(9, 0)).Status);
        Assert.All<Task>([add, fence, missing, force, lac], answer => Assert.False(answer.IsCompleted));

        files.Release();

        Assert.Equal(BookieStatus.Ok, (await add).Status);
        Assert.Equal(BookieStatus.Ok, (await fence).Status);
        Assert.Equal(BookieStatus.NoEntry, (await missing).Status);
        Assert.Equal(BookieStatus.Ok, (await force).Status);
        Assert.Equal(BookieStatus.Ok, (await lac).Status);
    }

    [Fact]
    public async Task Adds_beyond_what_may_wait_are_refused_and_taken_again_later()
    {
        var files = new HeldSyncs(new SimulatedFileSystem());
        await using var bookie = await TestBookie.StartAsync(files, new BlockLogOptions { MaxWaitingAdds = 5 });
        using var client = await bookie.ConnectAsync();
        files.Hold();
        for (var entry = 0; entry < 7; entry++)
        {
            var request = RawClient.AddOf(7, RawClient.Entry(7, entry, -1, []));
            await client.WriteAsync(output => V3Requests.WriteAdd(output, (ulong)request.Entry.Value, request));
        }
        for (var refused = 5; refused < 7; refused++)
        {
            var answer = V3Response.Decode(await client.ReceiveAsync());
            Assert.Equal((BookieStatus.TooManyRequests, (ulong)refused), (answer.Status, answer.Header.Transaction));
        }
        files.Release();
        for (var entry = 0UL; entry < 5; entry++)
        {
            var answer = V3Response.Decode(await client.ReceiveAsync());
            Assert.Equal((BookieStatus.Ok, entry), (answer.Status, answer.Header.Transaction));
        }
        Assert.Equal(BookieStatus.Ok, (await client.AddAsync(7, 5)).Status);
    }

    private static Task AcceptedAsync(TestBookie bookie, Func<bool> condition) => Wait.UntilAsync(
        () =>
        {
            lock (bookie.Service.Mutex)
                return condition();
        },
        "the request was accepted");
}
