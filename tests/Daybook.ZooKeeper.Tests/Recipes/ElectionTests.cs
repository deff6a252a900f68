using System.Text;
using Daybook.Servers.Debian;
using Daybook.ZooKeeper.Recipes;

namespace Daybook.ZooKeeper.Tests.Recipes;

[Collection(RecipeCollection.Name)]
public sealed class ElectionTests(RecipeServer shared)
{
    private readonly string _root = RecipeServer.NewRoot();

    [SkippableFact(typeof(MissingToolException))]
    public async Task Who_leads_is_told_with_epoch_and_payload_over_changes_of_leader()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        await using var observer = new Participant(await shared.StartedAsync(), _root);
        await using var told = new LeaderElection(observer.Leases, "head").LeadersAsync().GetAsyncEnumerator();
        Assert.Null(await NextAsync(told));

        var first = await Election(one, "one").CampaignAsync();
        await ToldAsync(told, first.Epoch, "one");
        var campaign = Election(other, "other").CampaignAsync();
        await observer.KillSessionAsync();
        await one.KillSessionAsync();
        await using var second = await campaign;
        await ToldAsync(told, second.Epoch, "other");
        Assert.True(second.Epoch > first.Epoch);
        Assert.Equal(second.Epoch, (await Election(observer, "").LeaderAsync())!.Epoch);

        await second.DisposeAsync();
        while (await NextAsync(told) is not null)
        {
            // What was told before the leader stepped down.
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

    private static async Task<Leader?> NextAsync(IAsyncEnumerator<Leader?> told)
    {
        Assert.True(await told.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
        return told.Current;
    }

    private static async Task ToldAsync(IAsyncEnumerator<Leader?> told, Epoch epoch, string payload)
    {
        Leader? leader;
        do
        {
            leader = await NextAsync(told);
        }
        while (leader?.Epoch != epoch);
        Assert.Equal(payload, Encoding.UTF8.GetString(leader!.Payload.Span));
    }
}
