using System.Reflection;
using Daybook.Servers.Debian;
using Daybook.Servers.Surface;
using Daybook.ZooKeeper.Coordination;
using Daybook.ZooKeeper.Recipes;
using Daybook.ZooKeeper.Tests.FakeServer;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>
/// Every public member with null, default and extreme arguments, live and disposed: an error of the client, of Daybook or of the argument,
/// never the trace of a bug. Every method that takes a token ends with it.
/// </summary>
[Collection(RealServerCollection.Name)]
public sealed class PublicSurfaceTests(RealServer server)
{
    private const string Root = "/surface";

    [SkippableFact(typeof(MissingToolException))]
    public async Task Extreme_arguments_are_refused_by_name_or_accepted()
    {
        await using var sessions = new SessionKeeper(await OptionsAsync());
        var surface = NewSurface(sessions);
        foreach (var type in PublicSurface.TypesOf(typeof(ZooKeeperClient).Assembly))
            await surface.TryAsync(type);
        Assert.True(surface.Failures.Count == 0, string.Join('\n', surface.Failures));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Objects_of_a_session_refuse_extreme_arguments_by_name_also_once_they_are_disposed()
    {
        await using var sessions = new SessionKeeper(await OptionsAsync());
        var surface = NewSurface(sessions);
        var objects = await MakeAsync(sessions);
        foreach (var live in objects)
            await surface.TryAsync(live);
        foreach (var disposable in objects.OfType<IAsyncDisposable>())
            await disposable.DisposeAsync();
        foreach (var disposed in objects)
            await surface.TryAsync(disposed);
        Assert.True(surface.Failures.Count == 0, string.Join('\n', surface.Failures));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Closed_coordinator_answers_that_it_is_closed()
    {
        var coordinator = await ZooKeeperCoordinator.OpenAsync(await OptionsAsync(), Root);
        await coordinator.DisposeAsync();
        Func<Task>[] calls =
        [
            () => coordinator.ReadAsync("a").AsTask(), () => coordinator.CreateAsync("a", default).AsTask(), () => coordinator.UpdateAsync("a", default, 1).AsTask(),
            () => coordinator.DeleteAsync("a", 1).AsTask(), () => coordinator.ListAsync("").AsTask(), () => coordinator.AcquireAsync("a").AsTask(),
            () => coordinator.HolderOfAsync("a").AsTask(),
        ];
        foreach (var call in calls)
        {
            var error = await Assert.ThrowsAsync<DaybookException>(() => call().WaitAsync(Clients.Patience));
            Assert.Equal((ErrorCode.Closed, false), (error.Code, error.IsTransient));
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Token_that_is_cancelled_before_ends_every_method()
    {
        await using var sessions = new SessionKeeper(await OptionsAsync());
        var surface = NewSurface(sessions);
        var objects = await MakeAsync(sessions);
        foreach (var made in objects)
            await surface.TryTokensAsync(made.GetType(), made, isCancelledBefore: true);
        foreach (var type in PublicSurface.TypesOf(typeof(ZooKeeperClient).Assembly))
            await surface.TryTokensAsync(type, instance: null, isCancelledBefore: true);
        foreach (var disposable in objects.OfType<IAsyncDisposable>())
            await disposable.DisposeAsync();
        Assert.True(surface.Failures.Count == 0, string.Join('\n', surface.Failures));
    }

    [Fact]
    public async Task Token_ends_every_wait_for_a_server_that_does_not_answer()
    {
        await using var silent = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(TimeSpan.FromMinutes(10));
            await connection.HungUpAsync();
        });
        await using var sessions = new SessionKeeper(new ZooKeeperOptions(silent.Address) { SessionTimeout = TimeSpan.FromMinutes(10) });
        var surface = NewSurface(sessions);
        var leases = new ZooKeeperLeases(sessions, Root);
        object[] waiting =
        [
            await sessions.GetAsync(), leases, new DistributedLock(leases, "a"), new LeaderElection(leases, "a"), new GroupMembership(sessions, Root),
        ];
        foreach (var made in waiting)
            await surface.TryTokensAsync(made.GetType(), made, isCancelledBefore: false, except: method => method.Name == nameof(ZooKeeperClient.StatesAsync));
        Assert.True(surface.Failures.Count == 0, string.Join('\n', surface.Failures));
    }

    private static PublicSurface NewSurface(SessionKeeper sessions) => new(
        new ArgumentValues { OfParameter = parameter => ValuesOf(parameter, sessions.Options), OfType = type => Made(type, sessions) },
        (_, error) => error is ArgumentException or DaybookException or ZooKeeperException or ObjectDisposedException);

    private static object? Made(Type type, SessionKeeper sessions) =>
        type == typeof(SessionKeeper) ? sessions
        : type == typeof(ZooKeeperOptions) ? sessions.Options with { }
        : type == typeof(ZooKeeperLeases) ? new ZooKeeperLeases(sessions, Root)
        : type == typeof(TimeProvider) ? TimeProvider.System
        : null;

    private static IReadOnlyList<object?>? ValuesOf(ParameterInfo parameter, ZooKeeperOptions options) => (parameter.ParameterType, parameter.Name) switch
    {
        (var type, _) when type == typeof(IReadOnlyList<ZooKeeperOperation>) => [
            new ZooKeeperOperation[]
            {
                parameter.Member.Name == nameof(ZooKeeperClient.MultiReadAsync) ? new ZooKeeperOperation.GetData("/") : new ZooKeeperOperation.Require("/"),
            },
            null, Array.Empty<ZooKeeperOperation>(), new ZooKeeperOperation[] { null! }],
        (_, "timeToLive" or "TimeToLive") => [null, TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.MinValue, TimeSpan.MaxValue],
        (_, "prefix") when parameter.Member.DeclaringType == typeof(ZooKeeperCoordinator) => ["a", "/", .. ArgumentValues.OddTexts],
        (var type, _) when type == typeof(IReadOnlyList<ZooKeeperAcl>) =>
            [ZooKeeperAcl.Open, null, Array.Empty<ZooKeeperAcl>(), new ZooKeeperAcl[] { null! }, new ZooKeeperAcl[] { new(ZooKeeperPermissions.All, null!, "\ud800") }],
        (var type, _) when type == typeof(ZooKeeperCredentials) => [ZooKeeperCredentials.Digest("a", "b"), null, new ZooKeeperCredentials(null!, default)],
        (var type, _) when type == typeof(ZooKeeperOptions) => [
            options, null, options with { ConnectString = null! }, options with { Credentials = null! }, options with { Credentials = [null!] },
            options with { Credentials = [new ZooKeeperCredentials(null!, default)] }, options with { Time = null! }, options with { Logging = null! },
            options with { Random = null! }, options with { SessionTimeout = TimeSpan.MinValue }],
        (var type, _) when type == typeof(TimeSpan) => [TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.MinValue, TimeSpan.MaxValue, TimeSpan.FromTicks(-1)],
        (var type, "connectString" or "ConnectString") when type == typeof(string) => [options.ConnectString, "127.0.0.1:0", ":", "/", .. ArgumentValues.OddTexts],
        (var type, "path" or "Path" or "root" or "prefix") when type == typeof(string) => [Root, "/", "//", "/a/../b", .. ArgumentValues.OddTexts],
        _ => null,
    };

    private static async Task<object[]> MakeAsync(SessionKeeper sessions)
    {
        var client = await ZooKeeperClient.ConnectAsync(sessions.Options);
        var leases = new ZooKeeperLeases(sessions, Root);
        var own = new SessionKeeper(sessions.Options);
        return
        [
            await CachedSubtree.OpenAsync(sessions, Root), await PersistentNode.StartAsync(sessions, $"{Root}/node"), await leases.AcquireAsync("held"),
            await client.WatchAsync("/"), leases, new DistributedLock(leases, "a"), new LeaderElection(leases, "b"), new GroupMembership(sessions, $"{Root}/group"),
            await ZooKeeperCoordinator.OpenAsync(sessions.Options, Root), client, own,
        ];
    }

    private async Task<ZooKeeperOptions> OptionsAsync() => new((await server.StartedAsync()).ConnectString) { ConnectTimeout = TimeSpan.FromSeconds(5) };
}
