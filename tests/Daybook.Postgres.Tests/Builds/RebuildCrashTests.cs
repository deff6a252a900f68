using System.Globalization;
using Daybook.Postgres.Tests.Faults;
using Daybook.Postgres.Tests.Support;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Postgres;

namespace Daybook.Postgres.Tests.Builds;

[Collection(SharedPostgresCollection.Name)] // with its own server, but not beside the cuts of other tests
public sealed class RebuildCrashTests
{
    private const int MaxRounds = 80;

    [SkippableFact(typeof(MissingToolException))]
    public async Task F8_rebuild_under_load_goes_on_through_kills_of_projector_and_server_and_both_builds_are_what_their_events_make()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Fsync = true });
        var (random, began) = (new Random(8), DateTimeOffset.UtcNow);
        var projector = Start(1);
        try
        {
            await Projector.AdvancesAsync(server.ConnectionString, 3 * 5000);
            await Node.DoAsync(server.ConnectionString, "rebuild sums --no-wait");
            var round = 1;
            for (; await StateAsync(server) != "live"; round++)
            {
                Assert.True(round < MaxRounds, "the rebuild got on between the kills");
                var reached = await FilledAsync(server);
                await FillsAsync(server, reached + random.Next(1, 3000));
                if (round % 2 == 0)
                {
                    await server.KillAsync();
                    await server.RestartAsync();
                }
                else
                {
                    await projector.DisposeAsync();
                    projector = Start(round + 1);
                }
                await Wait.UntilAsync(async () => await AliveAsync(server, reached), "what is there is no less than what was there before the last round");
            }
            Assert.True(round > 4, $"there were {round} rounds, of which a few hit the rebuild");

            Assert.Contains("matches its events", await Node.DoAsync(server.ConnectionString, "verify sums"), StringComparison.Ordinal);
            Assert.Contains("matches its events", await Node.DoAsync(server.ConnectionString, "verify sums --build 1"), StringComparison.Ordinal);
            await Node.DoAsync(server.ConnectionString, "back sums");
            await Node.DoAsync(server.ConnectionString, "drop sums --build 2");
        }
        finally
        {
            await projector.DisposeAsync();
        }

        Daybook.Servers.Processes.ServerProcess Start(long epoch) => Projector.StartSupervised(server.ConnectionString, epoch, 5000, began, 100);
    }

    private static async Task<string> StateAsync(PostgresServer server) => await Sql.QueryAsync(server.ConnectionString, "select state from daybook.builds where build = 2");

    private static async Task<long> FilledAsync(PostgresServer server) => long.Parse(
        await Sql.QueryAsync(server.ConnectionString, "select coalesce(sum(next_offset), 0)::bigint from daybook.checkpoints where build = 2"), CultureInfo.InvariantCulture);

    private static Task FillsAsync(PostgresServer server, long until) =>
        Wait.UntilAsync(async () => await FilledAsync(server) >= until || await StateAsync(server) == "live", $"the build reached {until}");

    // A crash of the server may take back the last transactions, which do not wait for the device; not what was there a round ago.
    private static async Task<bool> AliveAsync(PostgresServer server, long reached) => await FilledAsync(server) >= reached - 500;
}
