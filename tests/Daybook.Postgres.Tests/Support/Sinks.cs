namespace Daybook.Postgres.Tests.Support;

/// <summary>The sinks that a test opens, closed at its end.</summary>
internal sealed class Sinks : IAsyncDisposable
{
    private readonly List<PostgresProjections> _opened = [];

    internal PostgresProjections Open(string connectionString, Func<PostgresProjectionOptions, PostgresProjectionOptions>? with = null)
    {
        var options = new PostgresProjectionOptions { ConnectionString = connectionString };
        var sink = new PostgresProjections(with is null ? options : with(options));
        _opened.Add(sink);
        return sink;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sink in _opened)
            await sink.DisposeAsync();
    }
}
