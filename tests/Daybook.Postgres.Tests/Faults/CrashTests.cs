using Daybook.Postgres.Tests.Support;
using Daybook.Servers.Debian;
using Daybook.Servers.Postgres;

namespace Daybook.Postgres.Tests.Faults;

public sealed class CrashTests
{
    private const int Rounds = 50;

    [SkippableFact(typeof(MissingToolException))]
    public async Task F8_read_model_is_the_fold_of_its_checkpoints_after_fifty_kills_of_projector_and_server_at_random_points()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Fsync = true });
        var random = new Random(5);
        var projector = Projector.Start(server.ConnectionString, 1);
        try
        {
            for (var round = 1; round <= Rounds; round++)
            {
                await Projector.AdvancesAsync(server.ConnectionString, random.Next(1, 3000));
                if (round % 2 == 0)
                {
                    await server.KillAsync();
                    await server.RestartAsync();
                }
                else
                {
                    await projector.DisposeAsync();
                    projector = Projector.Start(server.ConnectionString, round + 1);
                }
                if (round % 10 == 0)
                    await Projector.VerifyAsync(server.ConnectionString);
            }
            await Projector.AdvancesAsync(server.ConnectionString, 1000);
            await Projector.VerifyAsync(server.ConnectionString);
        }
        finally
        {
            await projector.DisposeAsync();
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F2_frozen_projector_that_wakes_up_after_another_has_taken_over_writes_nothing_and_stops()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var old = Projector.Start(server.ConnectionString, 1);
        await Projector.AdvancesAsync(server.ConnectionString, 500);
        await old.PauseAsync();
        await using var next = Projector.Start(server.ConnectionString, 2);
        await Projector.AdvancesAsync(server.ConnectionString, 500);

        old.Resume();

        Assert.Equal("Stopped:StaleEpoch Stopped:StaleEpoch Stopped:StaleEpoch", await old.ReadLineAsync("S"));
        await Projector.AdvancesAsync(server.ConnectionString, 500);
        await Projector.VerifyAsync(server.ConnectionString);
        Assert.Equal("2", await Sql.QueryAsync(server.ConnectionString, "select distinct epoch from daybook.checkpoints"));
    }
}
