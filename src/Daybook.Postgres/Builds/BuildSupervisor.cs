using System.Globalization;
using Daybook.Postgres.Schema;
using Daybook.Postgres.Verifying;
using Daybook.Projections;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Daybook.Postgres.Builds;

/// <summary>
/// Makes a node's host run the builds listed in the schema, shows a new one when it has caught up, carries out orders and publishes
/// progress. It listens for notifications, and polls every second. While the server is unreachable, running builds continue.
/// </summary>
internal sealed class BuildSupervisor : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestRound = TimeSpan.FromSeconds(15);

    private readonly PostgresDatabase _database;
    private readonly PostgresProjections _sink;
    private readonly ProjectionHost _host;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ProjectionPace _pace;
    private readonly RunBoard _board;
    private readonly OrderDesk _orders;
    private readonly ShadowLimits _limits = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    internal BuildSupervisor(PostgresProjections sink, ProjectionHost host, TimeProvider time, ILogger logger)
    {
        (_sink, _database, _host, _time, _logger) = (sink, sink.Database, host, time, logger);
        _pace = new ProjectionPace(_database.Options.RebuildShare, time);
        _board = new RunBoard(_database.Schema, string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}"), time);
        _orders = new OrderDesk(_database.Schema, host);
    }

    internal async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        _database.AreBuildsKnown = false;
        try
        {
            var connection = await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
                await PrepareAsync(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (DaybookException away) when (away.IsTransient)
        {
            _logger.Unsupervised(_database.ToString(), away.Message);
        }
        _running = RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>No projection starts before this is done, because its builds are unknown until then.</summary>
    private async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var writer in _sink.Writers)
            await MakeAsync(writer, cancellationToken).ConfigureAwait(false);
        await RunBuildsAsync(connection, cancellationToken).ConfigureAwait(false);
        _database.AreBuildsKnown = true;
    }

    /// <summary>Determines whether a new version has an old one to replace. A fault in the new version parks it later, visibly.</summary>
    private async ValueTask MakeAsync(Writing.PostgresProjectionWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await writer.EnsureAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DaybookException error)
        {
            _logger.NotMade(writer.Target.Build.ToString(), error.Message);
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await WatchAsync(stop).ConfigureAwait(false);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                _logger.Unsupervised(_database.ToString(), error.Message);
                await Task.Delay(s_interval, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        await using var connection = await _database.OpenAsync(stop).ConfigureAwait(false);
        var notified = false;
        connection.Notification += (_, _) => Volatile.Write(ref notified, true);
        await Wakeups.ListenAsync(connection, _database.Schema, stop).ConfigureAwait(false);
        while (true)
        {
            Volatile.Write(ref notified, false);
            await RoundAsync(connection, stop).ConfigureAwait(false);
            if (!Volatile.Read(ref notified))
                await connection.WaitAsync(s_interval, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Always ends after a timeout: no notification arrives over a connection that the network has lost.</summary>
    private async Task RoundAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        using var round = new TimeLimit(s_longestRound, _time, stop);
        if (_database.AreBuildsKnown)
            await RunBuildsAsync(connection, round.Token).ConfigureAwait(false);
        else
            await PrepareAsync(connection, round.Token).ConfigureAwait(false);
        await _orders.CarryOutAsync(connection, round.Token).ConfigureAwait(false);
        await _board.PublishAsync(connection, _host.Status, round.Token).ConfigureAwait(false);
    }

    private async Task RunBuildsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await _limits.ReadAsync(connection, _database.Schema, cancellationToken).ConfigureAwait(false);
        var rows = await BuildRow.ReadAsync(connection, _database.Schema, cancellationToken).ConfigureAwait(false);
        foreach (var writer in _sink.Writers)
        {
            var mine = rows.FindAll(r => r.Key.Projection == writer.Projection);
            if (mine.Count > 0)
                await _host.RunAsync(writer.Projection, mine.ConvertAll(r => BuildOf(writer, r)), cancellationToken).ConfigureAwait(false);
            foreach (var row in mine.Where(r => r is { State: BuildState.Filling, SwitchesAlone: true }))
                await SwitchAsync(connection, row, cancellationToken).ConfigureAwait(false);
        }
    }

    private ProjectionBuild BuildOf(Writing.PostgresProjectionWriter writer, BuildRow row) => new(_sink.BuildOf(writer, row.Key))
    {
        IsCurrent = row.IsCurrent,
        Pace = row.State == BuildState.Live ? null : _pace,
        Feed = row.State == BuildState.Shadow ? _limits.FeedOf(row.Key) : null,
    };

    private async Task SwitchAsync(NpgsqlConnection connection, BuildRow row, CancellationToken cancellationToken)
    {
        // Checked without locks first, since a build is usually not caught up yet.
        var filling = await connection.ScalarAsync(
            $"select count(*) filter (where not caught_up) > 0 or count(*) = 0 from {_database.Schema}.checkpoints where projection = $1 and version = $2 and build = $3",
            cancellationToken, row.Key.Projection.Name, row.Key.Projection.Version, row.Key.Number).ConfigureAwait(false);
        if (filling is true)
            return;
        var why = await new BuildSwitch(_database.Schema, _time).TryAsync(connection, row.Key, alone: true, behind: false, cancellationToken).ConfigureAwait(false);
        if (why is null)
            _logger.Switched(row.Key.ToString());
        else
            _logger.NotSwitched(row.Key.ToString(), why);
    }
}
