using Daybook.BookKeeper.Metadata;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;

namespace Daybook.BookKeeper.Tests.Metadata.Real;

[Collection(RealZooKeeperCollection.Name)]
public sealed class ChangeTests(RealZooKeeper shared)
{
    private static readonly LedgerId s_ledger = new(5);

    [SkippableFact(typeof(MissingToolException))]
    public async Task Write_compares_and_sets_and_the_loser_is_told()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        var created = await one.Store.CreateAtAsync(ClusterClient.Metadata(5));

        var written = await one.Store.WriteAsync(created.Value.InRecovery(), created.Version);
        var lost = await Assert.ThrowsAsync<BookKeeperException>(
            async () => await one.Store.WriteAsync(created.Value.Close(new EntryId(3), 9), created.Version));
        var same = await Assert.ThrowsAsync<BookKeeperException>(async () => await one.Store.WriteAsync(created.Value.InRecovery(), created.Version));

        Assert.Equal(1, written.Version);
        Assert.All([lost, same], error => Assert.Equal((BookKeeperError.MetadataVersion, s_ledger), (error.Error, error.Ledger)));
        var read = await one.Store.ReadAsync(s_ledger);
        Assert.Equal((LedgerState.InRecovery, 1, 0L), (read.Value.State, read.Version, read.Value.CreationToken));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task L11_write_whose_answer_is_lost_is_resolved_by_what_is_there()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        var created = await one.Store.CreateAtAsync(ClusterClient.Metadata(5));
        var path = one.Paths.PathOf(s_ledger);

        var closed = await one.LoseAnswerAsync(
            () => one.Store.WriteAsync(created.Value.Close(new EntryId(3), 9), 0), () => one.HasVersionAsync(path, 1));

        Assert.Equal(1, closed.Version);
        Assert.True(await one.HasVersionAsync(path, 1));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task L11_foreign_change_after_the_lost_one_is_a_lost_race()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        var created = await one.Store.CreateAtAsync(ClusterClient.Metadata(5));
        var path = one.Paths.PathOf(s_ledger);
        var foreign = LedgerMetadataCodec.Encode(created.Value.Close(new EntryId(4), 10));

        var error = await Assert.ThrowsAsync<BookKeeperException>(() => one.LoseAnswerAsync(
            () => one.Store.WriteAsync(created.Value.InRecovery(), 0), () => one.HasVersionAsync(path, 1),
            async () => await one.Direct.SetAsync(path, foreign, 1)));

        Assert.Equal((BookKeeperError.MetadataVersion, s_ledger), (error.Error, error.Ledger));
        Assert.Equal(LedgerState.Closed, (await one.Store.ReadAsync(s_ledger)).Value.State);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C2_foreign_change_instead_of_the_lost_one_is_a_lost_race()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        var created = await one.Store.CreateAtAsync(ClusterClient.Metadata(5));
        var foreign = LedgerMetadataCodec.Encode(created.Value.InRecovery());
        await one.Direct.SetAsync(one.Paths.PathOf(s_ledger), foreign, 0);
        one.Network.DropAfter(ProxyDirection.ToClient, 1);

        var error = await Assert.ThrowsAsync<BookKeeperException>(async () => await one.Store.WriteAsync(created.Value.Close(new EntryId(3), 9), 0));

        Assert.Equal(BookKeeperError.MetadataVersion, error.Error);
        Assert.Equal(LedgerState.InRecovery, (await one.Store.ReadAsync(s_ledger)).Value.State);
    }

    [SkippableTheory(typeof(MissingToolException)), InlineData(ProxyDirection.ToClient, 400), InlineData(ProxyDirection.ToServer, 600)]
    public async Task C2_write_has_one_effect_wherever_the_connection_breaks(ProxyDirection direction, int bytes)
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        var now = await one.Store.CreateAtAsync(ClusterClient.Metadata(5));
        var connections = one.Network.Accepted;
        for (var after = 1; after <= bytes; after += 17)
        {
            one.Network.DropAfter(direction, after);
            var changed = now.Value.ChangeEnsemble(new EntryId(after), [new BookieId($"b{after}"), new BookieId("b2"), new BookieId("b3")]);
            var written = await one.Store.WriteAsync(changed, now.Version);
            Assert.Equal(now.Version + 1, written.Version);
            now = await one.Store.ReadAsync(s_ledger);
            Assert.Equal((written.Version, $"b{after}"), (now.Version, now.Value.Current.Bookies[0].Value));
        }
        Assert.True(one.Network.Accepted - connections > 10, $"only {one.Network.Accepted - connections} connections broke");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task L11_lost_answer_is_resolved_by_the_next_session_too()
    {
        await using var one = await ClusterClient.OpenAsync(shared, session: 1);
        var created = await one.Store.CreateAtAsync(ClusterClient.Metadata(5));
        var session = await one.Sessions.GetAsync();

        var written = await one.LoseAnswerAsync(
            () => one.Store.WriteAsync(created.Value.InRecovery(), 0), () => one.HasVersionAsync(one.Paths.PathOf(s_ledger), 1),
            () => Wait.UntilAsync(() => session.Ended.IsCancellationRequested, "the session was over"));

        Assert.Equal(1, written.Version);
        Assert.NotSame(session, await one.Sessions.GetAsync());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Ledger_that_is_not_there_is_a_typed_error_that_names_it()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        async Task<BookKeeperException> Fails(Func<Task> call) => await Assert.ThrowsAsync<BookKeeperException>(call);

        var read = await Fails(async () => await one.Store.ReadAsync(s_ledger));
        var watched = await Fails(async () => await one.Store.ReadAndWatchAsync(s_ledger));
        var written = await Fails(async () => await one.Store.WriteAsync(ClusterClient.Metadata(5), 0));

        Assert.All([read, watched, written], error => Assert.Equal((BookKeeperError.NoSuchLedgerMetadata, s_ledger), (error.Error, error.Ledger)));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Metadata_of_an_unknown_version_are_a_typed_error_that_names_the_ledger()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        await one.Store.CreateAtAsync(ClusterClient.Metadata(5));
        await one.Direct.SetAsync(one.Paths.PathOf(s_ledger), "BookieMetadataFormatVersion\t4\nnew"u8.ToArray());

        var error = await Assert.ThrowsAsync<BookKeeperException>(async () => await one.Store.ReadAsync(s_ledger));

        Assert.Equal((BookKeeperError.BadMetadata, s_ledger), (error.Error, error.Ledger));
        Assert.Contains("'4'", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Zookeeper_out_of_reach_is_waited_for_and_then_a_typed_error()
    {
        await using var one = await ClusterClient.OpenAsync(shared, timeout: 1);
        var created = await one.Store.CreateAtAsync(ClusterClient.Metadata(5));
        one.Network.HoldAll();
        var read = await Assert.ThrowsAsync<BookKeeperException>(async () => await one.Store.ReadAsync(s_ledger));
        var written = await Assert.ThrowsAsync<BookKeeperException>(async () => await one.Store.WriteAsync(created.Value.InRecovery(), 0));

        Assert.All([read, written], error => Assert.Equal((BookKeeperError.MetadataUnavailable, s_ledger), (error.Error, error.Ledger)));
        Assert.Contains(one.Network.Address, read.Message, StringComparison.Ordinal);
        one.Network.ReleaseAll();
        Assert.Equal(s_ledger, (await one.Store.ReadAsync(s_ledger)).Value.Ledger);
        await one.Sessions.DisposeAsync();
        var closed = await Assert.ThrowsAsync<BookKeeperException>(async () => await one.Store.ReadAsync(s_ledger));
        Assert.Equal(BookKeeperError.Closed, closed.Error);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Zookeeper_that_refuses_is_not_asked_again_and_is_a_typed_error()
    {
        await using var one = await ClusterClient.OpenAsync(shared, timeout: 600);
        await one.Store.CreateAtAsync(ClusterClient.Metadata(5));
        await one.Direct.SetAclAsync(one.Paths.PathOf(s_ledger), ClusterClient.ForNobody);

        var error = await Assert.ThrowsAsync<BookKeeperException>(() => one.Store.ReadAsync(s_ledger).AsTask().WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Equal((BookKeeperError.Unauthorized, s_ledger), (error.Error, error.Ledger));
        Assert.Contains("NoAuth", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Watch_reports_change_and_deletion()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        var created = await one.Store.CreateAtAsync(ClusterClient.Metadata(5));
        var first = await one.Store.ReadAndWatchAsync(s_ledger);
        Assert.False(first.Changed.IsCompleted);
        await one.Store.WriteAsync(created.Value.InRecovery(), 0);
        await first.Changed.WaitAsync(TimeSpan.FromSeconds(20));
        var second = await one.Store.ReadAndWatchAsync(s_ledger);
        Assert.Equal(LedgerState.InRecovery, second.Now.Value.State);
        await one.Store.DeleteAsync(s_ledger);
        await second.Changed.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [SkippableTheory(typeof(MissingToolException)), InlineData(false), InlineData(true)]
    public async Task Watch_reports_changes_missed_without_a_connection_and_the_end_of_the_session(bool sessionEnds)
    {
        await using var one = await ClusterClient.OpenAsync(shared, session: sessionEnds ? 1 : 10);
        var created = await one.Store.CreateAtAsync(ClusterClient.Metadata(5));
        var watched = await one.Store.ReadAndWatchAsync(s_ledger);
        await one.Network.RefuseConnectionsAsync();
        one.Network.CutAll();
        if (!sessionEnds)
        {
            await one.Direct.SetAsync(one.Paths.PathOf(s_ledger), LedgerMetadataCodec.Encode(created.Value.InRecovery()), 0);
            one.Network.AcceptConnections();
        }
        await watched.Changed.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(watched.Changed.IsCompletedSuccessfully);
    }
}
