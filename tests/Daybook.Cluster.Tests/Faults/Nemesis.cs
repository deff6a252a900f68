using Daybook.Servers.BookKeeper;
using Daybook.Servers.Network;
using Xunit.Abstractions;

namespace Daybook.Cluster.Tests.Faults;

/// <summary>What a schedule breaks.</summary>
internal enum Fault
{
    /// <summary>SIGKILL; started again on its data when healed.</summary>
    Kill,

    /// <summary>SIGSTOP for longer than an add may take.</summary>
    Freeze,

    /// <summary>Its connections break, once.</summary>
    Cut,

    /// <summary>Nothing passes either way; what was held arrives late when healed.</summary>
    Partition,

    /// <summary>What it is asked arrives, its answers are lost.</summary>
    LoseAnswers,

    /// <summary>ZooKeeper is killed; started again on its data when healed.</summary>
    KillZooKeeper,
}

/// <summary>Breaks bookies and networks by a seed, one or two bookies at a time, and heals them.</summary>
internal sealed class Nemesis(FaultyCluster cluster, Random random, ITestOutputHelper output)
{
    private static readonly Fault[] s_all = Enum.GetValues<Fault>();
    private readonly List<(BookieProcess? Bookie, Func<Task> HealAsync)> _wounds = [];

    /// <summary>How many bookies are broken.</summary>
    public int BrokenBookies => _wounds.Count(wound => wound.Bookie is not null);

    /// <summary>Whether ZooKeeper is broken.</summary>
    public bool HasBrokenZooKeeper => _wounds.Any(wound => wound.Bookie is null);

    /// <summary>Breaks something that is whole.</summary>
    public async Task StrikeAsync()
    {
        var fault = s_all[random.Next(s_all.Length)];
        var whole = cluster.Bookies.Except(_wounds.Select(wound => wound.Bookie)).ToList();
        var bookie = whole[random.Next(whole.Count)]!;
        if (fault == Fault.KillZooKeeper && HasBrokenZooKeeper)
            fault = Fault.Kill;
        output.WriteLine($"  {fault} {(fault == Fault.KillZooKeeper ? "" : bookie.Id)}");
        _wounds.Add((fault == Fault.KillZooKeeper ? null : bookie, await BreakAsync(fault, bookie)));
    }

    /// <summary>Makes everything whole again, ZooKeeper first: a bookie does not start without it.</summary>
    public async Task HealAsync()
    {
        foreach (var (_, healAsync) in _wounds.OrderBy(wound => wound.Bookie is not null).ToList())
            await healAsync();
        _wounds.Clear();
    }

    /// <summary>Lets a fault last: longer or shorter than a bookie has for an answer. Nothing is waited for, and no check rests on how long it is.</summary>
    public Task LastAsync() => Task.Delay(random.Next(50, 1_200));

    private async Task<Func<Task>> BreakAsync(Fault fault, BookieProcess bookie)
    {
        var network = cluster.NetworkTo(bookie);
        switch (fault)
        {
            case Fault.Kill:
                await bookie.KillAsync();
                return bookie.RestartAsync;
            case Fault.Freeze:
                await bookie.PauseAsync();
                return () => Now(bookie.Resume);
            case Fault.Cut:
                network.CutAll();
                return () => Task.CompletedTask;
            case Fault.Partition:
                network.HoldAll();
                return () => Now(network.ReleaseAll);
            case Fault.LoseAnswers:
                network.Hold(ProxyDirection.ToClient);
                return () => Now(() =>
                {
                    network.CutAll();
                    network.Release(ProxyDirection.ToClient);
                });
            default:
                await cluster.Servers.ZooKeeper.KillAsync();
                return cluster.Servers.ZooKeeper.RestartAsync;
        }
    }

    private static Task Now(Action heal)
    {
        heal();
        return Task.CompletedTask;
    }
}
