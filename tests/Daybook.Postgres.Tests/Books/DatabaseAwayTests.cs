using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Daybook.Postgres.Tests.Books;

/// <summary>The book works without its read models while their database is down, visibly.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class DatabaseAwayTests(SharedPostgres postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact(typeof(MissingToolException))]
    public async Task D6_host_starts_and_takes_commands_while_the_database_is_not_up_yet_and_projects_them_when_it_is()
    {
        var (server, database) = (await postgres.StartedAsync(), await postgres.DatabaseAsync());
        await using var proxy = FaultProxy.Start(server.Port);
        await proxy.RefuseConnectionsAsync();
        var through = new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port }.ConnectionString;

        await using var book = await TalkBook.OpenAsync(
            _folder["data"], through, o => o with { MaxRetryDelay = TimeSpan.FromSeconds(1), OverdueAfter = TimeSpan.FromMilliseconds(1) });
        var position = await book.SpeakAsync("early");
        await Wait.UntilAsync(() => book.Projections.Status.All(s => s.State == ProjectionState.Retrying), "the projections retried");
        var (status, health) = (book.Projections.Status[0], await book.HealthAsync());
        var read = await Assert.ThrowsAsync<DaybookException>(() => book.Model.GetAsync("all").AsTask());

        Assert.Equal((ErrorCode.Unavailable, true), (status.Code, status.IsOverdue));
        Assert.Contains("could not be reached", status.Error, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal((ErrorCode.Unavailable, true), (read.Code, read.IsTransient));
        proxy.AcceptConnections();
        await book.HeardAsync(position);
        Assert.Equal(new Heard(1), await book.Model.GetAsync("talk/early"));
        await Wait.UntilAsync(async () => (await book.HealthAsync()).Status == HealthStatus.Healthy, "the health was green");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Wrong_database_fails_the_opening_since_no_waiting_helps()
    {
        var server = await postgres.StartedAsync();

        var refused = await Assert.ThrowsAsync<DaybookException>(() => TalkBook.OpenAsync(_folder["data"], server.ConnectionStringTo("nowhere")));

        Assert.Equal((ErrorCode.StoreFailed, false), (refused.Code, refused.IsTransient));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Skipped_event_keeps_the_health_yellow_over_restarts()
    {
        var database = await postgres.DatabaseAsync();
        await using (var book = await TalkBook.OpenAsync(_folder["data"], database))
        {
            var poison = await book.SpeakAsync("a", "poison");
            await Assert.ThrowsAsync<DaybookException>(() => book.HeardAsync(poison));
            Assert.Equal(HealthStatus.Degraded, (await book.HealthAsync()).Status);
            book.Projections.Skip("heard", poison);
            await book.HeardAsync(poison);
        }
        await using var again = await TalkBook.OpenAsync(_folder["data"], database);
        await Wait.UntilAsync(() => again.Projections.Status.All(s => s.State == ProjectionState.Running), "the projections ran");

        var health = await again.HealthAsync();

        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("lacks 1 events", string.Join(' ', health.Data.Values), StringComparison.Ordinal);
        Assert.Equal(1, again.Projections.Status.Sum(s => s.Skipped));
        Assert.StartsWith("'talk.said.v1' at ", await Sql.QueryAsync(database, "select event from daybook.skips"), StringComparison.Ordinal);
    }
}
