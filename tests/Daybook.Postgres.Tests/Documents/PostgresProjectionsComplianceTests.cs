using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;

namespace Daybook.Postgres.Tests.Documents;

[Collection(SharedPostgresCollection.Name)]
public sealed class PostgresProjectionsComplianceTests(SharedPostgres postgres) : ProjectionCompliance, IAsyncLifetime
{
    private readonly Sinks _sinks = new();
    private string _database = "";

    public static TheoryData<string> Statements => [.. StatementsOf<ProjectionCompliance>()];

    [SkippableTheory(typeof(MissingToolException)), MemberData(nameof(Statements))]
    public Task Holds(string statement) => RunAsync(statement);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sinks.DisposeAsync();

    protected override async ValueTask<IProjectionSink> OpenSinkAsync() => _sinks.Open(_database = await postgres.DatabaseAsync());

    // What a killed process leaves is what was committed; a new sink sees just that.
    protected override ValueTask<IProjectionSink?> RestartAsync(IProjectionSink sink) => ValueTask.FromResult<IProjectionSink?>(_sinks.Open(_database));
}
