using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;
using Daybook.ZooKeeper.Recipes;

namespace Daybook.ZooKeeper.Tests.Recipes;

[Collection(RecipeCollection.Name)]
public sealed class LeaseTests(RecipeServer shared)
{
    private const string Name = "partitions/7";
    private readonly string _root = RecipeServer.NewRoot();

    [SkippableFact(typeof(MissingToolException))]
    public async Task C1_node_whose_creation_was_not_answered_is_found_and_used()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        await (await one.Leases.AcquireAsync(Name)).DisposeAsync();
        one.Network.Hold(ProxyDirection.ToClient);
        var acquiring = one.Leases.AcquireAsync(Name);
        var line = await LineAsync(other, expected: 1);
        one.Network.CutAll();
        one.Network.Release(ProxyDirection.ToClient);

        await using var lease = await acquiring;
        Assert.Equal(line, await LineAsync(other, expected: 1));
        Assert.Equal($"{one.Leases.LineOf(Name)}/{line[0]}", lease.Guard[0].Path);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C1_node_of_the_same_name_that_belongs_to_another_session_is_not_taken_for_ones_own()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        var attempt = Guid.NewGuid();
        var before = new LeaseQueue(await one.Sessions.GetAsync(), one.Leases.LineOf(Name), attempt);
        var after = new LeaseQueue(await other.Sessions.GetAsync(), one.Leases.LineOf(Name), attempt);

        var nodes = await before.EnterAsync(default, default);
        Assert.Equal(nodes, await before.FindOwnAsync(default));
        Assert.Empty(await after.FindOwnAsync(default));
        await after.LeaveAsync();
        Assert.Equal(nodes, await before.FindOwnAsync(default));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C4_waiting_goes_on_when_the_session_ends()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        var held = await one.Leases.AcquireAsync(Name);
        var waiting = other.Leases.AcquireAsync(Name);
        await LineAsync(one, expected: 2);
        var session = (await other.Sessions.GetAsync()).SessionId;
        await other.KillSessionAsync();
        await held.DisposeAsync();

        await using var lease = await waiting;
        Assert.True(lease.Epoch > held.Epoch);
        Assert.NotEqual(session, (await other.Sessions.GetAsync()).SessionId);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C4_call_that_loses_connection_and_session_together_reports_the_end_of_the_session()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        var client = await one.Sessions.GetAsync();
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => client.AskAsync<bool>(
            async () =>
            {
                await client.DisposeAsync();
                throw new ZooKeeperException(ZooKeeperError.ConnectionLoss, "/a", "The connection broke.", isOutcomeUnknown: true);
            },
            default));
        Assert.Equal((ZooKeeperError.SessionExpired, "/a", true), (error.Error, error.Path, error.IsOutcomeUnknown));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C4_lease_is_lost_with_its_session()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        var lease = await one.Leases.AcquireAsync(Name);
        await one.KillSessionAsync();
        await LostAsync(lease);
        Assert.False(lease.IsValid);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F3_epochs_go_on_after_the_line_is_gone_and_above_what_was_found_elsewhere()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        var first = await one.Leases.AcquireAsync(Name);
        await first.DisposeAsync();
        var client = await one.Sessions.GetAsync();
        await client.DeleteAsync(one.Leases.LineOf(Name));
        var second = await one.Leases.AcquireAsync(Name);
        await second.DisposeAsync();
        await using var third = await one.Leases.AcquireAsync(Name, above: new Epoch(1000));
        Assert.Equal([1L, 2L, 1001L], [first.Epoch.Value, second.Epoch.Value, third.Epoch.Value]);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F2_write_guarded_by_a_lease_that_was_taken_over_is_refused()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        var client = await other.Sessions.GetAsync();
        await using var old = await one.Leases.AcquireAsync(Name);
        ZooKeeperOperation write = new ZooKeeperOperation.Create($"{_root}/written");
        await one.KillSessionAsync();
        await using var current = await other.Leases.AcquireAsync(Name);

        await Assert.ThrowsAsync<ZooKeeperMultiException>(() => client.MultiAsync([.. old.Guard, write]));
        Assert.Null(await client.ExistsAsync(write.Path));
        await client.MultiAsync([.. current.Guard, write]);
        Assert.NotNull(await client.ExistsAsync(write.Path));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F4_lease_that_cannot_be_renewed_is_invalid_before_the_server_expires_it()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root, TimeSpan.FromSeconds(3));
        await using var other = new Participant(await shared.StartedAsync(), _root);
        var byIsValid = new HolderChecker();
        var byLostOnly = new HolderChecker(lease => !lease.Lost.IsCancellationRequested);
        await using var old = await one.Leases.AcquireAsync(Name);
        byIsValid.Acquired("old", old);
        byLostOnly.Acquired("old", old);
        one.Network.HoldAll();
        await Wait.UntilAsync(() => !old.IsValid, "the lease was invalid");
        await LineAsync(other, expected: 1);

        await using var next = await other.Leases.AcquireAsync(Name);
        byIsValid.Acquired("next", next);
        byLostOnly.Acquired("next", next);
        Assert.True(next.IsValid && !old.IsValid);
        Assert.Empty(byIsValid.Found);
        // A holder that goes by the end of its session only, not by its clock, is what the checker is there to find.
        Assert.NotEmpty(byLostOnly.Found);
        one.Network.ReleaseAll();
        await LostAsync(old);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F5_lease_is_invalid_while_suspended_and_valid_again_once_it_was_looked_at()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var lease = await one.Leases.AcquireAsync(Name);
        var epoch = lease.Epoch;
        await one.DisconnectAsync();
        Assert.False(lease.IsValid);
        one.Reconnect();
        await Wait.UntilAsync(() => lease.IsValid, "the lease was valid again");
        Assert.Equal(epoch, lease.Epoch);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [SkippableTheory(typeof(MissingToolException)), InlineData(true), InlineData(false)]
    public async Task F5_lease_that_was_taken_away_meanwhile_is_never_valid_again(bool nodeIsDeleted)
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        var client = await other.Sessions.GetAsync();
        await using var lease = await one.Leases.AcquireAsync(Name);
        await one.DisconnectAsync();
        if (nodeIsDeleted)
            await client.DeleteAsync(lease.Guard[0].Path);
        else
            await client.SetAsync(lease.Guard[1].Path, new EpochRecord(lease.Epoch.Next, Guid.NewGuid()).Written);
        one.Reconnect();
        var wasValid = false;
        while (!lease.Lost.IsCancellationRequested)
        {
            wasValid |= lease.IsValid;
            await Task.Yield();
        }
        Assert.False(wasValid || lease.IsValid);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Lease_whose_node_is_deleted_under_it_is_lost()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        await using var lease = await one.Leases.AcquireAsync(Name);
        await (await other.Sessions.GetAsync()).DeleteAsync(lease.Guard[0].Path);
        await LostAsync(lease);
        Assert.False(lease.IsValid);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F6_release_without_a_server_returns_and_is_made_up_for()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        var lease = await one.Leases.AcquireAsync(Name);
        var waiting = other.Leases.AcquireAsync(Name);
        await one.DisconnectAsync();
        await lease.DisposeAsync();
        Assert.True(!lease.IsValid && lease.Lost.IsCancellationRequested && !waiting.IsCompleted);
        one.Reconnect();
        await (await waiting).DisposeAsync();
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F6_late_release_of_an_old_lease_leaves_the_node_of_the_next_session_alone()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        var old = await one.Leases.AcquireAsync(Name);
        await one.KillSessionAsync();
        await LostAsync(old);
        await using var next = await one.Leases.AcquireAsync(Name);
        await old.DisposeAsync();
        await Wait.UntilAsync(() => next.IsValid, "the next lease was valid");
        Assert.Equal(RecipeCalls.Name(next.Guard[0].Path), Assert.Single(await LineAsync(one, expected: 1)));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Giving_up_while_disconnected_leaves_no_node_behind()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        await using var held = await other.Leases.AcquireAsync(Name);
        using var stop = new CancellationTokenSource();
        var waiting = one.Leases.AcquireAsync(Name, cancellationToken: stop.Token);
        await LineAsync(other, expected: 2);
        await one.DisconnectAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        one.Reconnect();
        await LineAsync(other, expected: 1);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Node_of_an_earlier_version_keeps_its_place_in_the_line()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        await (await one.Leases.AcquireAsync(Name)).DisposeAsync();
        var attempt = Guid.NewGuid();
        var earlier = (await (await other.Sessions.GetAsync()).CreateAsync(
            $"{one.Leases.LineOf(Name)}/lease-{attempt:n}-", mode: CreateMode.EphemeralSequential)).Path;
        Assert.Equal(attempt, LeaseQueue.AttemptOf(RecipeCalls.Name(earlier)));
        var waiting = one.Leases.AcquireAsync(Name);
        await LineAsync(other, expected: 1);
        Assert.False(waiting.IsCompleted);
        await (await other.Sessions.GetAsync()).DeleteAsync(earlier);
        await using var lease = await waiting;
        Assert.True(lease.IsValid);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Lease_of_which_another_clients_node_is_deleted_is_lost_and_leaves_nothing_in_the_line()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        await using var lease = await one.Leases.AcquireAsync(Name);
        var client = await other.Sessions.GetAsync();
        var nodes = (await client.ChildrenAsync(one.Leases.LineOf(Name))).Names;
        await client.DeleteAsync($"{one.Leases.LineOf(Name)}/{nodes.Single(node => node.Contains("latch-", StringComparison.Ordinal))}");
        await LostAsync(lease);
        await lease.DisposeAsync();
        await (await other.Leases.AcquireAsync(Name)).DisposeAsync();
    }

    private static async Task LostAsync(ZooKeeperLease lease) =>
        await Wait.UntilAsync(() => lease.Lost.IsCancellationRequested, "the lease was lost");

    /// <summary>Waits until the given number are in the queue, each counted by the node that identifies a holder.</summary>
    private static async Task<IReadOnlyList<string>> LineAsync(Participant by, int expected)
    {
        var client = await by.Sessions.GetAsync();
        var line = by.Leases.LineOf(Name);
        IReadOnlyList<string> names = [];
        await Wait.UntilAsync(
            async () => (names = [.. (await client.ChildrenAsync(line)).Names.Where(name => name.Contains("-lock-", StringComparison.Ordinal))]).Count
                == expected,
            $"{expected} stood in line");
        return names;
    }
}
