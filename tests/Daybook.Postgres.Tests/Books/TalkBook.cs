using Daybook.Embedded;
using Daybook.Hosting;
using Daybook.Projections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Daybook.Postgres.Tests.Books;

/// <summary>A book in a folder, in a host, with its read models in PostgreSQL.</summary>
internal sealed class TalkBook : IAsyncDisposable
{
    private readonly IHost _host;

    private TalkBook(IHost host) => _host = host;

    internal IDaybook Book => _host.Services.GetRequiredService<IDaybook>();

    internal IProjections Projections => _host.Services.GetRequiredService<IProjections>();

    internal IReadModel<Heard> Model => _host.Services.GetRequiredService<IReadModel<Heard>>();

    internal static CancellationToken Limit => new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token;

    internal static async Task<TalkBook> OpenAsync(
        string folder, string connectionString, Func<ProjectionOptions, ProjectionOptions>? with = null, string schema = "daybook")
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddDaybook(b => b.UseEmbedded(folder).UsePostgresProjections(connectionString, o => o with { Schema = schema })
            .AddHandlers(typeof(TalkHandlers)).AddProjection<Hearing, Heard>().Configure(o => o.Partitions = 2)
            .ConfigureProjections(with ?? (o => o with { MaxRetryDelay = TimeSpan.FromSeconds(1) })));
        var book = new TalkBook(builder.Build());
        await book._host.StartAsync(Limit);
        return book;
    }

    internal async Task<Position> SpeakAsync(string talk, string text = "words") =>
        ((Outcome.Accepted)await Book.SendAsync(new Speak(talk, text), new CommandId(Guid.NewGuid()), cancellationToken: Limit)).Position;

    internal async Task HeardAsync(Position position) => await Projections.WaitForAsync("heard", position, Limit);

    internal async Task<HealthReportEntry> HealthAsync() =>
        (await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Limit)).Entries["daybook"];

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
