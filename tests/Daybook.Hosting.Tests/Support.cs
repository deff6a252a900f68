using Daybook.Projections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Daybook.Hosting.Tests;

public sealed record Put(string Jar, int Amount);

[EventType("hosting.put-in")]
public sealed record PutIn(int Amount);

public sealed record Jar(int Amount)
{
    public static Jar Create(PutIn e) => new(e.Amount);

    public Jar Apply(PutIn e) => new(Amount + e.Amount);
}

public sealed record SlowPut(string Jar, int Amount);

public static class JarHandlers
{
    /// <summary>A slow handler returns when this is released.</summary>
    public static SemaphoreSlim Slow { get; } = new(0);

    public static Decision Handle(Put command, Jar? jar) => Decision.Emit(new PutIn(command.Amount));

    public static Decision Handle(SlowPut command, Jar? jar)
    {
        Slow.Wait();
        return Decision.Emit(new PutIn(command.Amount));
    }
}

public sealed record JarRow(string Jar, int Amount);

[Projection("jars", Version = 1)]
public sealed class Jars : IDocumentProjection<JarRow>
{
    public IEnumerable<string> KeysOf(ProjectedEvent projected) => [projected.Recorded.Stream.Value];

    public JarRow Apply(string key, JarRow? document, ProjectedEvent projected) =>
        new(key, (document?.Amount ?? 0) + ((PutIn)projected.Body).Amount);
}

/// <summary>A host with a book, as an application would have it, and what it logs.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly IHost _host;

    public TestHost(Action<DaybookBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddProvider(Log).SetMinimumLevel(LogLevel.Information);
        builder.AddDaybook(book =>
        {
            book.AddHandlers(typeof(JarHandlers)).AddProjection<Jars, JarRow>().Configure(options => options.Partitions = 3);
            configure(book);
        });
        _host = builder.Build();
    }

    public LogLines Log { get; } = new();

    public IDaybook Book => _host.Services.GetRequiredService<IDaybook>();

    public IBookStatus Status => _host.Services.GetRequiredService<IBookStatus>();

    public IReadModel<JarRow> Rows => _host.Services.GetRequiredService<IReadModel<JarRow>>();

    public IProjections Projections => _host.Services.GetRequiredService<IProjections>();

    public static async Task<TestHost> StartAsync(Action<DaybookBuilder> configure)
    {
        var host = new TestHost(configure);
        await host.StartAsync();
        return host;
    }

    public Task StartAsync() => _host.StartAsync().WaitAsync(TimeSpan.FromMinutes(1));

    public Task StopAsync() => _host.StopAsync().WaitAsync(TimeSpan.FromMinutes(1));

    public async Task<HealthReportEntry> HealthAsync(string tag)
    {
        var report = await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Tags.Contains(tag));
        return Assert.Single(report.Entries).Value;
    }

    public Task ReadyAsync() => Wait.UntilAsync(async () => (await HealthAsync("ready")).Status == HealthStatus.Healthy, "the host was ready");

    public async Task<Outcome.Accepted> PutAsync(string jar, int amount) =>
        Assert.IsType<Outcome.Accepted>(await Book.SendAsync(new Put(jar, amount), new CommandId(Guid.NewGuid())));

    /// <summary>Asserts that the host is up, stands by for a reason that contains a text, and refuses commands.</summary>
    public async Task ExpectStandbyAsync(string reason)
    {
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync("live")).Status);
        var ready = await HealthAsync("ready");
        Assert.Equal(HealthStatus.Unhealthy, ready.Status);
        Assert.Contains(reason, ready.Description, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<DaybookException>(() => PutAsync("a", 1));
        Assert.Equal((ErrorCode.NotOwner, true), (refused.Code, refused.IsTransient));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Single(Log.Lines, line => line.Contains("stands by", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
            _lines.Add($"{logLevel}: {formatter(state, exception)}");
    }

    public void Dispose()
    {
    }
}
