using Daybook.Embedded.Coordination;
using Daybook.Embedded.Sqlite;
using Daybook.Embedded.Store;
using Daybook.Embedded.Tests.Truncation;

namespace Daybook.Embedded.Tests.Files;

/// <summary>The current directory is one for the whole process, so no other test may run beside these.</summary>
[CollectionDefinition(nameof(CurrentDirectory), DisableParallelization = true)]
public sealed class CurrentDirectory;

[Collection(nameof(CurrentDirectory))]
public sealed class RelativeFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();

    public RelativeFolderTests()
    {
        Directory.CreateDirectory(_folder["a"]);
        Directory.CreateDirectory(_folder["b"]);
        Directory.SetCurrentDirectory(_folder["a"]);
    }

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
    }

    [Fact]
    public async Task Book_in_a_relative_folder_stays_there_when_the_process_changes_its_directory()
    {
        var builder = new DaybookBuilder()
            .UseEmbedded("data", new() { SegmentBytes = 8 << 20, MaxEntryBytes = 2 << 20 })
            .AddHandlers(typeof(JarHandlers))
            .AddProjection<Levels, Level>()
            .Configure(o => (o.Partitions, o.LedgerBytes, o.MaxRecordBytes) = (1, 1 << 20, 512 * 1024));
        Directory.SetCurrentDirectory(_folder["b"]);
        await using (var book = await builder.OpenAsync())
        {
            Directory.SetCurrentDirectory(_folder.Path);
            for (var i = 0; i < 2000; i += 100)
                await Task.WhenAll(Enumerable.Range(i, 100).Select(async n => await book.SendAsync(new Fill($"j{n % 9}", 1), new CommandId(Guid.NewGuid()))));
            var last = Assert.IsType<Outcome.Accepted>(await book.SendAsync(new Fill("j0", 1), new CommandId(Guid.NewGuid())));
            await book.Projections.WaitForAsync("levels", last.Position);
            Assert.Equal(new Level(224), await book.ReadModel<Level>().GetAsync("jar/j0"));
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["b"]));
        Assert.Equal(["a", "b"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(_folder["a/data/read-models.db"]));
    }

    [Fact]
    public async Task Parts_of_a_book_stay_in_their_relative_folders()
    {
        var opening = EmbeddedLedgerStore.OpenAsync("ledgers");
        var coordinating = LocalCoordinator.OpenAsync("records");
        await using var sink = new SqliteProjections(new SqliteProjectionOptions { Path = "read.db" });
        Directory.SetCurrentDirectory(_folder["b"]);
        await using var store = await opening;
        await using var coordinator = await coordinating;
        await sink.OpenAsync();
        await coordinator.CreateAsync("a", new byte[1]);
        await (await store.CreateAsync()).AppendAsync(new byte[10]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["b"]));
        Assert.True(File.Exists(_folder["a/read.db"]));
        Assert.True(File.Exists(_folder["a/records/records"]));
    }
}
