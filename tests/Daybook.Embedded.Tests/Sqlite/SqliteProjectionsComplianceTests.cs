using Daybook.Embedded.Sqlite;
using Daybook.Projections;
using Daybook.Testing.Compliance;

namespace Daybook.Embedded.Tests.Sqlite;

public sealed class SqliteProjectionsComplianceTests : ProjectionCompliance, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SqliteProjections> _opened = [];

    public static TheoryData<string> Statements => [.. StatementsOf<ProjectionCompliance>()];

    [Theory, MemberData(nameof(Statements))]
    public Task Holds(string statement) => RunAsync(statement);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var sink in _opened)
            await sink.DisposeAsync();
        _folder.Dispose();
    }

    protected override ValueTask<IProjectionSink> OpenSinkAsync() => ValueTask.FromResult<IProjectionSink>(Open("read.db"));

    // A killed process leaves the files as they are, the write-ahead log included.
    protected override ValueTask<IProjectionSink?> RestartAsync(IProjectionSink sink)
    {
        foreach (var file in Directory.GetFiles(_folder.Path, "read.db*").Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(file, file.Replace("read.db", "killed.db", StringComparison.Ordinal));
        return ValueTask.FromResult<IProjectionSink?>(Open("killed.db"));
    }

    private SqliteProjections Open(string name)
    {
        var sink = new SqliteProjections(new SqliteProjectionOptions { Path = _folder[name] });
        _opened.Add(sink);
        return sink;
    }
}
