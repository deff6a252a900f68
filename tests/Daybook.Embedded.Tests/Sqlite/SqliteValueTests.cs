using Daybook.Core.Tests.States.Values;
using Daybook.Embedded.Sqlite;

namespace Daybook.Embedded.Tests.Sqlite;

public sealed class SqliteValueTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SqliteProjections> _opened = [];

    public static TheoryData<string> Names => [.. Samples.All.Select(sample => sample.Name)];

    [Theory, MemberData(nameof(Names))]
    public Task Document_is_the_same_in_one_batch_and_after_a_restart(string name) => Samples.Named(name).RunAsync(new DocumentRun(Open));

    public async ValueTask DisposeAsync()
    {
        foreach (var sink in _opened)
            await sink.DisposeAsync();
        _folder.Dispose();
    }

    private SqliteProjections Open(string name)
    {
        var sink = new SqliteProjections(new SqliteProjectionOptions { Path = _folder[name + ".db"] });
        _opened.Add(sink);
        return sink;
    }
}
