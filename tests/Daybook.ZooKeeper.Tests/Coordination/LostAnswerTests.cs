using Daybook.Servers.Debian;
using Daybook.Servers.Network;
using Daybook.ZooKeeper.Coordination;
using Daybook.ZooKeeper.Tests.Recipes;

namespace Daybook.ZooKeeper.Tests.Coordination;

/// <summary>The connection breaks at every few bytes of the exchange of a write: before it is sent, in the middle, and before its answer.</summary>
[Collection(RecipeCollection.Name)]
public sealed class LostAnswerTests(RecipeServer shared)
{
    private const int Step = 12;
    private readonly string _root = RecipeServer.NewRoot();

    [SkippableTheory(typeof(MissingToolException)), InlineData(ProxyDirection.ToClient, 420), InlineData(ProxyDirection.ToServer, 560)]
    public async Task C2_update_whose_answer_is_lost_has_one_effect_and_is_no_lost_race(ProxyDirection direction, int bytes)
    {
        await using var network = FaultProxy.Start((await shared.StartedAsync()).Port);
        await using var coordinator = await OpenAsync(network);
        var record = await coordinator.CreateAsync("a/b", new byte[] { 0 });
        var connections = network.Accepted;
        for (var after = 1; after <= bytes; after += Step)
        {
            network.DropAfter(direction, after);
            record = await coordinator.UpdateAsync("a/b", BitConverter.GetBytes(after), record.Version);
            Assert.Equal(record.Version, (await coordinator.ReadAsync("a/b"))!.Version);
        }
        var broken = network.Accepted - connections;
        Assert.True(broken > 20, $"only {broken} connections broke");
        var updates = (bytes - 1) / Step + 1;
        Assert.Equal(1 + updates, await DataVersionAsync());
    }

    [SkippableTheory(typeof(MissingToolException)), InlineData(ProxyDirection.ToClient, 420), InlineData(ProxyDirection.ToServer, 560)]
    public async Task C2_creation_and_deletion_whose_answers_are_lost_have_one_effect(ProxyDirection direction, int bytes)
    {
        await using var network = FaultProxy.Start((await shared.StartedAsync()).Port);
        await using var coordinator = await OpenAsync(network);
        for (var after = 1; after <= bytes; after += Step)
        {
            network.DropAfter(direction, after);
            var record = await coordinator.CreateAsync("a/b", BitConverter.GetBytes(after));
            var found = await coordinator.ReadAsync("a/b");
            Assert.True(found!.Version == record.Version && found.Value.Span.SequenceEqual(BitConverter.GetBytes(after)));
            network.DropAfter(direction, after);
            await coordinator.DeleteAsync("a/b", record.Version);
            Assert.Null(await coordinator.ReadAsync("a/b"));
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Node_made_anew_with_the_same_data_version_is_not_taken_for_the_one_that_was_read()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        var store = new RecordStore(new RecordPaths($"{_root}/records"));
        var (writer, client) = (new RecordWriter(one.Sessions, store), await one.Sessions.GetAsync());
        var read = await writer.RunAsync(Create(1), default);
        var found = await store.ReadAsync(client, "a", default);
        await writer.RunAsync(new RecordWrite.Delete("a", read), default);
        await writer.RunAsync(Create(2), default);
        var now = await store.ReadAsync(client, "a", default);
        Assert.Equal(found.Stat!.Version, now.Stat!.Version);

        await Assert.ThrowsAsync<ZooKeeperMultiException>(() => store.UpdateAsync(client, "a", Record(3), found, default));
        await Assert.ThrowsAsync<ZooKeeperMultiException>(() => store.DeleteAsync(client, "a", found, default));
        Assert.Equal(now.Stat.ModifiedZxid, (await store.ReadAsync(client, "a", default)).Version);
    }

    [Fact]
    public async Task Coordinator_that_cannot_be_reached_and_bad_roots_are_named()
    {
        await using var nobody = FaultProxy.Start(1);
        await nobody.RefuseConnectionsAsync();
        var options = new ZooKeeperOptions(nobody.Address) { ConnectTimeout = TimeSpan.FromMilliseconds(300) };
        var unreachable = await Assert.ThrowsAsync<DaybookException>(() => ZooKeeperCoordinator.OpenAsync(options));
        Assert.Equal(ErrorCode.Unavailable, unreachable.Code);
        Assert.True(unreachable.IsTransient);
        Assert.Contains(nobody.Address, unreachable.Message, StringComparison.Ordinal);
        var badRoot = await Assert.ThrowsAsync<DaybookException>(() => ZooKeeperCoordinator.OpenAsync(options, "daybook"));
        Assert.Equal(ErrorCode.InvalidArgument, badRoot.Code);
        Assert.Contains("'daybook'", badRoot.Message, StringComparison.Ordinal);
    }

    private static StoredRecord Record(byte value) => new(Guid.NewGuid(), new[] { value });

    private static RecordWrite.Create Create(byte value) => new("a", Record(value));

    private Task<ZooKeeperCoordinator> OpenAsync(FaultProxy network) => ZooKeeperCoordinator.OpenAsync(
        new ZooKeeperOptions(network.Address) { SessionTimeout = TimeSpan.FromSeconds(10) }, _root);

    private async Task<int> DataVersionAsync()
    {
        await using var client = await ZooKeeperClient.ConnectAsync((await shared.StartedAsync()).ConnectString);
        return (await client.ExistsAsync(new RecordPaths($"{_root}/records").Node("a/b")))!.Version;
    }
}
