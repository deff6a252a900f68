using System.Diagnostics;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.ZooKeeper;
using Xunit.Abstractions;

namespace Daybook.ZooKeeper.Tests.Recipes;

/// <summary>Two processes that contend for a lease while their networks, sessions and server fail at random.</summary>
public sealed class LeaseSafetyTests(ITestOutputHelper output)
{
    private const int Cycles = 1000;
    private const string Name = "contended";
    private static readonly TimeSpan s_sessionTimeout = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);
    private readonly HolderChecker _checker = new();
    private readonly HolderChecker _withoutClock = new(lease => !lease.Lost.IsCancellationRequested);
    private readonly SemaphoreSlim _restarting = new(1, 1);
    private readonly int[] _faults = new int[4];
    private int _cycles;

    [SkippableFact(typeof(MissingToolException))]
    public async Task C12_two_lease_holders_are_never_both_valid_through_disconnects_expiries_and_restarts()
    {
        var seed = Random.Shared.Next();
        await using var server = await ZooKeeperServer.StartAsync(new ZooKeeperServerOptions { TickTime = TimeSpan.FromMilliseconds(100) });
        var started = Stopwatch.GetTimestamp();
        using var stop = new CancellationTokenSource(s_limit);
        var participants = Enumerable.Range(0, 2).Select(_ => new Participant(server, "/c12", s_sessionTimeout)).ToArray();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var contending = participants.Select((participant, i) => ContendAsync($"process {i}", participant, new Random(seed + i), over.Token)).ToArray();
        await Task.WhenAll(participants.Select((participant, i) => FailAsync(participant, server, new Random(seed - 1 - i), stop.Token)));
        var before = _checker.Leases;
        await Wait.UntilAsync(() => _checker.Leases > before + 1, "the lease went on changing hands after the last fault");
        await over.CancelAsync();
        await Task.WhenAll(contending);
        foreach (var participant in participants)
            await participant.DisposeAsync();
        output.WriteLine(
            $"seed {seed}: {_cycles} cycles (cuts, partitions, kills, restarts: {string.Join(", ", _faults)}), {_checker.Leases} leases, "
            + $"{_checker.Valid} times seen valid, {_withoutClock.Found.Count} overlaps of holders without a clock, in {Stopwatch.GetElapsedTime(started).TotalSeconds:f0} s");
        Assert.Empty(_checker.Found);
        // The same run, seen by holders that go by the end of their session and not by their clock: what the checker is there to find.
        Assert.NotEmpty(_withoutClock.Found);
        Assert.Equal(Cycles, _cycles);
        Assert.True(_checker.Leases > Cycles / 20, $"only {_checker.Leases} leases; seed {seed}");
    }

    /// <summary>Takes the lease, holds it for a while or until it is lost, lets go of it, and so on.</summary>
    private async Task ContendAsync(string who, Participant participant, Random random, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await using var lease = await participant.Leases.AcquireAsync(Name, cancellationToken: cancellationToken);
                _checker.Acquired(who, lease);
                _withoutClock.Acquired(who, lease);
                var (since, hold) = (Stopwatch.GetTimestamp(), TimeSpan.FromMilliseconds(random.Next(150)));
                await Wait.UntilAsync(
                    () =>
                    {
                        _checker.Check();
                        _withoutClock.Check();
                        return lease.Lost.IsCancellationRequested || Stopwatch.GetElapsedTime(since) > hold;
                    },
                    "the lease was held long enough",
                    s_limit,
                    cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task FailAsync(Participant participant, ZooKeeperServer server, Random random, CancellationToken cancellationToken)
    {
        while (Interlocked.Increment(ref _cycles) <= Cycles)
        {
            var kind = random.Next(100) switch { < 70 => 0, < 84 => 1, < 99 => 2, _ => 3 };
            Interlocked.Increment(ref _faults[kind]);
            await _restarting.WaitAsync(cancellationToken);
            var isRestart = kind == 3;
            if (!isRestart)
                _restarting.Release();
            await (kind switch
            {
                0 => CutAsync(participant, random, cancellationToken),
                1 => PartitionAsync(participant, random, cancellationToken),
                2 => KillAsync(participant, cancellationToken),
                _ => server.RestartAsync(),
            });
            if (isRestart)
                _restarting.Release();
            await ConnectedAsync(participant, random, cancellationToken);
        }
        Interlocked.Decrement(ref _cycles);
    }

    private static Task CutAsync(Participant participant, Random random, CancellationToken cancellationToken)
    {
        participant.Network.CutAll();
        return PassAsync(random.Next(20), cancellationToken);
    }

    private static async Task KillAsync(Participant participant, CancellationToken cancellationToken)
    {
        try
        {
            await participant.KillSessionAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // The server was being restarted: the session lives, and was only disconnected.
        }
    }

    /// <summary>Nothing arrives for up to twice the session timeout, and neither side is notified.</summary>
    private static async Task PartitionAsync(Participant participant, Random random, CancellationToken cancellationToken)
    {
        participant.Network.HoldAll();
        await PassAsync(random.Next(2 * (int)s_sessionTimeout.TotalMilliseconds), cancellationToken);
        participant.Network.ReleaseAll();
    }

    private static async Task ConnectedAsync(Participant participant, Random random, CancellationToken cancellationToken)
    {
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    return (await participant.Sessions.GetAsync(cancellationToken)).State == ZooKeeperState.Connected;
                }
                catch (ZooKeeperException)
                {
                    return false;
                }
            },
            "the process was connected",
            s_limit,
            cancellationToken);
        await PassAsync(random.Next(40), cancellationToken);
    }

    /// <summary>Lets time pass, so that faults come at any moment of what the others do.</summary>
    private static Task PassAsync(int milliseconds, CancellationToken cancellationToken)
    {
        var (since, span) = (Stopwatch.GetTimestamp(), TimeSpan.FromMilliseconds(milliseconds));
        return Wait.UntilAsync(() => Stopwatch.GetElapsedTime(since) >= span, "time passed", s_limit, cancellationToken);
    }
}
