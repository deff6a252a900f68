using System.Reflection;
using Daybook.BookKeeper;
using Daybook.BookKeeper.Store;
using Daybook.Cluster.Tests.Support;
using Daybook.Servers.BookKeeper;
using Daybook.Servers.Debian;
using Daybook.Servers.Surface;
using Daybook.ZooKeeper;

namespace Daybook.Cluster.Tests.Store;

/// <summary>
/// Every public member of the BookKeeper client with null, default and extreme arguments, live and disposed: an error of the client, of
/// Daybook or of the argument, never the trace of a bug. Every method that takes a token ends with it.
/// </summary>
[Collection(ThreeBookiesCollection.Name)]
public sealed class PublicSurfaceTests(ThreeBookies bookies)
{
    private static readonly CreateLedgerOptions s_oneBookie = new() { Ensemble = 1, WriteQuorum = 1, AckQuorum = 1 };

    [SkippableFact(typeof(MissingToolException))]
    public async Task Extreme_arguments_are_refused_by_name_or_accepted()
    {
        var surface = NewSurface(OptionsOf(await bookies.StartedAsync()));
        foreach (var type in PublicSurface.TypesOf(typeof(BookKeeperClient).Assembly))
            await surface.TryAsync(type);
        Assert.True(surface.Failures.Count == 0, string.Join('\n', surface.Failures));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Handles_refuse_extreme_arguments_by_name_also_once_they_are_disposed()
    {
        var options = OptionsOf(await bookies.StartedAsync());
        var surface = NewSurface(options);
        var handles = await MakeAsync(options);
        foreach (var live in handles)
            await surface.TryAsync(live);
        foreach (var disposable in handles.OfType<IAsyncDisposable>())
            await disposable.DisposeAsync();
        foreach (var disposed in handles)
            await surface.TryAsync(disposed);
        Assert.True(surface.Failures.Count == 0, string.Join('\n', surface.Failures));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Token_that_is_cancelled_before_ends_every_method()
    {
        var options = OptionsOf(await bookies.StartedAsync());
        var surface = NewSurface(options);
        var handles = await MakeAsync(options);
        await TryTokensAsync(surface, handles, isCancelledBefore: true);
        foreach (var disposable in handles.OfType<IAsyncDisposable>())
            await disposable.DisposeAsync();
        Assert.True(surface.Failures.Count == 0, string.Join('\n', surface.Failures));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Token_ends_every_wait_for_servers_that_do_not_answer()
    {
        await using var cluster = await BookieCluster.StartAsync(1);
        var options = OptionsOf(cluster);
        var surface = NewSurface(options);
        var handles = await MakeAsync(options);
        await cluster.ZooKeeper.PauseAsync();
        await cluster.Bookies[0].PauseAsync();
        await TryTokensAsync(surface, handles, isCancelledBefore: false);
        cluster.Bookies[0].Resume();
        cluster.ZooKeeper.Resume();
        foreach (var disposable in handles.OfType<IAsyncDisposable>())
            await disposable.DisposeAsync();
        Assert.True(surface.Failures.Count == 0, string.Join('\n', surface.Failures));
    }

    private static async Task TryTokensAsync(PublicSurface surface, object[] handles, bool isCancelledBefore)
    {
        foreach (var handle in handles)
            await surface.TryTokensAsync(handle.GetType(), handle, isCancelledBefore);
        foreach (var type in PublicSurface.TypesOf(typeof(BookKeeperClient).Assembly))
            await surface.TryTokensAsync(type, instance: null, isCancelledBefore);
    }

    /// <summary>A writer of one entry and a reader that follows it: what is asked of them by the arguments here is not there yet.</summary>
    private static async Task<object[]> MakeAsync(BookKeeperOptions options)
    {
        var client = await BookKeeperClient.ConnectAsync(options);
        var store = await BookKeeperLedgerStore.OpenAsync(options, new BookKeeperStoreOptions { Ensemble = 1, WriteQuorum = 1, AckQuorum = 1 });
        var writer = await client.CreateAsync(s_oneBookie);
        await writer.AppendAsync(new byte[10]);
        return [await client.OpenAsync(writer.Id), writer, store, client];
    }

    private static PublicSurface NewSurface(BookKeeperOptions options) => new(
        new ArgumentValues { OfParameter = parameter => ValuesOf(parameter, options), OfType = type => MadeOf(options).FirstOrDefault(type.IsInstanceOfType) },
        (_, error) => error is ArgumentException or DaybookException or ZooKeeperException or ObjectDisposedException);

    /// <summary>Copies: properties of an instance are set too.</summary>
    private static object[] MadeOf(BookKeeperOptions options) => [options with { }, options.ZooKeeper with { }, TimeProvider.System];

    private static IReadOnlyList<object?>? ValuesOf(ParameterInfo parameter, BookKeeperOptions options) => (parameter.ParameterType, parameter.Name) switch
    {
        (var type, _) when type == typeof(CreateLedgerOptions) => [
            s_oneBookie, null, s_oneBookie with { Ensemble = int.MaxValue }, s_oneBookie with { WriteQuorum = -1 }, s_oneBookie with { AckQuorum = 0 },
            s_oneBookie with { CustomMetadata = null! }, s_oneBookie with { Digest = (DigestType)99 }, s_oneBookie with { Ledger = new LedgerId(long.MinValue) }],
        (var type, _) when type == typeof(BookKeeperOptions) => [
            options, null, options with { ZooKeeper = null! }, options with { LedgersRoot = null! }, options with { Time = null! }, options with { Random = null! },
            options with { Logging = null! }, options with { MetadataTimeout = TimeSpan.MinValue }],
        (var type, _) when type == typeof(BookKeeperStoreOptions) => [
            new BookKeeperStoreOptions(), null, new BookKeeperStoreOptions { Book = null! }, new BookKeeperStoreOptions { Ensemble = int.MinValue }],
        (var type, "zooKeeper" or "ZooKeeper") when type == typeof(string) => [options.ZooKeeper.ConnectString, ":", "/", .. ArgumentValues.OddTexts],
        _ => null,
    };

    private static BookKeeperOptions OptionsOf(BookieCluster cluster) => new(new ZooKeeperOptions(cluster.ConnectString));
}
