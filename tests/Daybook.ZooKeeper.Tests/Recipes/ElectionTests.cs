using System.Text;
using Daybook.Servers.Debian;
using Daybook.ZooKeeper.Recipes;

namespace Daybook.ZooKeeper.Tests.Recipes;

[Collection(RecipeCollection.Name)]
public sealed class ElectionTests(RecipeServer shared)
{
    private readonly string _root = RecipeServer.NewRoot();

    [SkippableFact(typeof(MissingToolException))]
    public async Task The_leader_is_reported_with_epoch_and_payload_across_changes()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        await using var observer = new Participant(await shared.StartedAsync(), _root);
        await using var updates = new LeaderElection(observer.Leases, "head").LeadersAsync().GetAsyncEnumerator();
        Assert.Null(await NextAsync(updates));

        var first = await Election(one, "one").CampaignAsync();
        await ExpectAsync(updates, first.Epoch, "one");
        var campaign = Election(other, "other").CampaignAsync();
        await observer.KillSessionAsync();
        await one.KillSessionAsync();
        await using var second = await campaign;
        await ExpectAsync(updates, second.Epoch, "other");
        Assert.True(second.Epoch > first.Epoch);
        Assert.Equal(second.Epoch, (await Election(observer, "").LeaderAsync())!.Epoch);

        await second.DisposeAsync();
        while (await NextAsync(updates) is not null)
        {
            // Reported before the leader stepped down.
        }
        Assert.Null(await Election(observer, "").LeaderAsync());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Lock_is_had_by_one_at_a_time_and_its_token_grows()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        var held = await new DistributedLock(one.Leases, "door").AcquireAsync();
        var mutex = new DistributedLock(other.Leases, "door");
        Assert.Null(await mutex.TryAcquireAsync(TimeSpan.FromMilliseconds(100)));
        await held.DisposeAsync();
        await using var next = await mutex.TryAcquireAsync(TimeSpan.FromMinutes(1));
        Assert.True(next!.Epoch > held.Epoch);
    }

    private static LeaderElection Election(Participant participant, string name) =>
        new(participant.Leases, "head", Encoding.UTF8.GetBytes(name));

    private static async Task<Leader?> NextAsync(IAsyncEnumerator<Leader?> updates)
    {
        Assert.True(await updates.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
        return updates.Current;
    }

    private static async Task ExpectAsync(IAsyncEnumerator<Leader?> updates, Epoch epoch, string payload)
    {
        Leader? leader;
        do
        {
            leader = await NextAsync(updates);
        }
        while (leader?.Epoch != epoch);
        Assert.Equal(payload, Encoding.UTF8.GetString(leader!.Payload.Span));
    }
}
