using System.Diagnostics;
using System.Globalization;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Postgres;
using Npgsql;

namespace Daybook.Postgres.Tests.Books;

/// <summary>What a server really does to its clients, each with the outcome that the table of failures has.</summary>
public sealed class ServerFaultTests : IAsyncLifetime
{
    private const string Terminate = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'";
    private PostgresServer? _server;
    private Book? _book;

    private string Admin => _server!.ConnectionString;

    private IReadOnlyList<ProjectionStatus> Status => _book!.Projections.Status;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_book is not null)
            await _book.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Every_fault_of_the_server_has_the_outcome_of_the_table()
    {
        await StartAsync();
        await SpeakAndHearAsync();

        await Sql.ExecuteAsync(Admin, Terminate); // 57P01
        await SpeakAndHearAsync();

        await PassesAsync("53300", $"alter role app connection limit 0; {Terminate}", "alter role app connection limit -1");
        await ParksAsync("refused the user", $"alter role app password 'other'; {Terminate}", "alter role app password 'secret'");
        await ParksAsync("permission denied", "revoke all on daybook.checkpoints from app", "grant all on daybook.checkpoints to app");

        await using (var holder = new NpgsqlConnection(Admin + ";Pooling=false"))
        {
            await holder.OpenAsync();
            await using var held = await holder.BeginTransactionAsync();
            await new NpgsqlCommand("lock table daybook.checkpoints in access exclusive mode", holder).ExecuteNonQueryAsync();
            await PassesAsync("57014", $"alter role app set statement_timeout = '50ms'; {Terminate}", "alter role app reset statement_timeout", held.RollbackAsync);
        }
        await KillBackendAsync(); // 57P02 for its neighbours, 57P03 until the server has recovered
        await SpeakAndHearAsync();

        await Sql.ExecuteAsync(Admin, "drop schema daybook cascade");
        await SpeakAsync();
        await UntilAsync(ProjectionState.Parked, "does not exist");
    }

    private async Task StartAsync()
    {
        _server = await PostgresServer.StartAsync();
        var rules = await Sql.QueryAsync(Admin, "show hba_file");
        await Sql.ExecuteAsync(Admin, "set password_encryption = 'scram-sha-256'; create role app login password 'secret'; grant create on database postgres to app");
        await Sql.ExecuteAsync(Admin, $"copy (values ('host all app 127.0.0.1/32 scram-sha-256'), ('host all all 127.0.0.1/32 trust')) to '{rules}'");
        await Sql.ExecuteAsync(Admin, "select pg_reload_conf()");
        _book = await new DaybookBuilder().UseMemory().UsePostgresProjections(_server.ConnectionStringTo("postgres", "app") + ";Password=secret").AddHandlers(typeof(TalkHandlers))
            .AddProjection<Hearing, Heard>().Configure(o => o.Partitions = 1)
            .ConfigureProjections(o => o with { FirstRetryDelay = TimeSpan.FromMilliseconds(20), MaxRetryDelay = TimeSpan.FromMilliseconds(100), AttemptsBeforeParking = 4 })
            .OpenAsync();
    }

    /// <summary>The projection retries while the fault lasts, and goes on by itself.</summary>
    private async Task PassesAsync(string error, string fault, string cure, Func<CancellationToken, Task>? cureToo = null)
    {
        await Sql.ExecuteAsync(Admin, fault);
        var last = await SpeakAsync();
        await UntilAsync(ProjectionState.Retrying, error);
        await Sql.ExecuteAsync(Admin, cure);
        if (cureToo is not null)
            await cureToo(default);
        await Sql.ExecuteAsync(Admin, Terminate);
        await HearAsync(last);
    }

    /// <summary>The projection parks after some attempts, and goes on when it is retried after the cure.</summary>
    private async Task ParksAsync(string error, string fault, string cure)
    {
        await Sql.ExecuteAsync(Admin, fault);
        var last = await SpeakAsync();
        await UntilAsync(ProjectionState.Parked, error);
        await Sql.ExecuteAsync(Admin, cure);
        _book!.Projections.Retry("heard", last.Partition);
        await HearAsync(last);
    }

    private async Task KillBackendAsync()
    {
        var id = await Sql.QueryAsync(Admin, "select max(pid) from pg_stat_activity where usename = 'app'");
        using var backend = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
        backend.Kill();
    }

    private Task UntilAsync(ProjectionState state, string error) => Wait.UntilAsync(
        () => Status is [{ } status] && status.State == state && status.Error?.Contains(error, StringComparison.Ordinal) == true,
        $"the projection was {state} with '{error}'");

    private async Task<Position> SpeakAsync() =>
        ((Outcome.Accepted)await _book!.SendAsync(new Speak("talk", "words"), new CommandId(Guid.NewGuid()))).Position;

    private async Task SpeakAndHearAsync() => await HearAsync(await SpeakAsync());

    /// <summary>All that was said has been heard once.</summary>
    private async Task HearAsync(Position last)
    {
        await _book!.Projections.WaitForAsync("heard", last, TalkBook.Limit);
        Assert.Equal((await _book.ReadAsync<Talk>("talk")).State!.Count, await CountAsync());
    }

    /// <summary>Tries again as a client does: a pooled connection may be one that the fault has ended.</summary>
    private async Task<int> CountAsync()
    {
        Heard? heard = null;
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    heard = await _book!.ReadModel<Heard>().GetAsync("all", TalkBook.Limit);
                    return true;
                }
                catch (DaybookException ended) when (ended.IsTransient)
                {
                    return false;
                }
            },
            "a connection was usable");
        return heard!.Count;
    }
}
