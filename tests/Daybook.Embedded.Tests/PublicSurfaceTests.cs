using System.Reflection;
using Daybook.Coordination;
using Daybook.Embedded.Coordination;
using Daybook.Embedded.Files;
using Daybook.Embedded.Sqlite;
using Daybook.Embedded.Store;
using Daybook.Projections;
using Daybook.Servers.Surface;
using Daybook.Testing.Compliance;

namespace Daybook.Embedded.Tests;

/// <summary>Every public member of the assembly with null, default and extreme arguments, and once it is disposed. Files themselves may
/// answer as files do.</summary>
public sealed class PublicSurfaceTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _opened = [];
    private int _names;

    public static TheoryData<Type> Types => [.. PublicSurface.TypesOf(typeof(SqliteProjections).Assembly)];

    [Theory, MemberData(nameof(Types))]
    public async Task Extreme_arguments_are_refused_by_name_or_accepted(Type type)
    {
        var surface = NewSurface();
        await surface.TryAsync(type);
        Assert.True(surface.Failures.Count == 0, string.Join('\n', surface.Failures));
    }

    [Fact]
    public async Task Extreme_arguments_are_refused_once_a_part_is_disposed_and_by_its_parts()
    {
        var surface = NewSurface();
        var store = (EmbeddedLedgerStore)Made(typeof(EmbeddedLedgerStore))!;
        var (sink, coordinator) = ((SqliteProjections)Made(typeof(SqliteProjections))!, (LocalCoordinator)Made(typeof(LocalCoordinator))!);
        var projection = new CountingProjection();
        object[] parts = [sink.Writer(projection), sink.ReadModel(projection), sink.Checkpoints("a"), await store.CreateAsync(), store, sink, coordinator];
        foreach (var part in parts)
            await surface.TryAsync(part);
        foreach (var closed in parts.OfType<IAsyncDisposable>())
            await closed.DisposeAsync();
        foreach (var part in parts)
            await surface.TryAsync(part);
        Assert.True(surface.Failures.Count == 0, string.Join('\n', surface.Failures));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _opened)
            await part.DisposeAsync();
        _folder.Dispose();
    }

    private PublicSurface NewSurface() => new(
        new ArgumentValues { TypeArguments = [typeof(Tally), typeof(DaybookBuilder)], OfParameter = Places, OfType = Made },
        (method, error) => error is ArgumentException or DaybookException or ObjectDisposedException
            || (error is IOException or UnauthorizedAccessException && method.DeclaringType == typeof(PhysicalFileSystem)));

    /// <summary>What names a place lies in the folder of the test.</summary>
    private IReadOnlyList<object?>? Places(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string) && parameter.Name is "path" or "folder" or "from" or "to" ? [NewPlace(), .. ArgumentValues.OddTexts] : null;

    private string NewPlace() => _folder[$"p{Interlocked.Increment(ref _names)}"];

    private object? Made(Type type) =>
        type == typeof(EmbeddedLedgerStore) ? Opened(EmbeddedLedgerStore.OpenAsync(NewPlace()).GetAwaiter().GetResult())
        : type == typeof(LocalCoordinator) || type == typeof(ICoordinator) ? Opened(LocalCoordinator.OpenAsync(NewPlace()).GetAwaiter().GetResult())
        : type == typeof(SqliteProjections) ? Opened(new SqliteProjections(new SqliteProjectionOptions { Path = NewPlace() }))
        : type == typeof(SqliteProjectionOptions) ? new SqliteProjectionOptions { Path = NewPlace() }
        : type == typeof(IDocumentProjection<Tally>) ? new CountingProjection()
        : type == typeof(Daybook.Files.IFileSystem) ? new PhysicalFileSystem()
        : null;

    private T Opened<T>(T part)
        where T : IAsyncDisposable
    {
        _opened.Add(part);
        return part;
    }
}
