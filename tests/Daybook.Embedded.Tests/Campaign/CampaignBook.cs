using System.Globalization;
using System.Text;
using Daybook.Embedded.Coordination;
using Daybook.Embedded.Sqlite;
using Daybook.Embedded.Store;
using Daybook.Embedded.Tests.Truncation;
using Daybook.Files;
using Daybook.Servers.Files;

namespace Daybook.Embedded.Tests.Campaign;

/// <summary>A small book of several segments, ledgers and recovery points, with a copy of its folder after each of its lives, and its
/// expected content.</summary>
internal sealed class CampaignBook : IDisposable
{
    private const int Jars = 6;
    private const int Lives = 3;
    private readonly TemporaryFolder _folder = new();

    private CampaignBook()
    {
    }

    /// <summary>The folder after the last life, closed.</summary>
    public string Closed => _folder[$"life{Lives}"];

    /// <summary>The same after earlier lives.</summary>
    public IReadOnlyList<string> Older { get; } = [.. Enumerable.Range(1, Lives - 1).Select(life => $"life{life}")];

    public string OlderFolder(int index) => _folder[Older[index]];

    public string Content { get; private set; } = "";

    public static async Task<CampaignBook> MakeAsync()
    {
        var made = new CampaignBook();
        var number = 0;
        for (var life = 1; life <= Lives; life++)
        {
            if (life > 1)
                TemporaryFolder.Copy(made._folder[$"life{life - 1}"], made._folder[$"life{life}"]);
            await using var book = await OpenAsync(made._folder[$"life{life}"]);
            for (var round = 0; round < 9; round++)
                await Task.WhenAll(Enumerable.Range(0, 60).Select(async i => Assert.IsType<Outcome.Accepted>(
                    await book.SendAsync(new Fill($"j{i % Jars}", i), new CommandId(new Guid(Interlocked.Increment(ref number), 0, 0, new byte[8]))))));
            Assert.IsType<Outcome.Accepted>(await book.SendAsync(new Pour("j0", "j1", 1), new CommandId(Guid.NewGuid())));
            made.Content = await ContentAsync(book);
        }
        return made;
    }

    public static ValueTask<Book> OpenAsync(string folder)
    {
        var files = new UnsyncedFiles();
        return new DaybookBuilder()
            .UseLedgers(async token => await EmbeddedLedgerStore.OpenAsync(
                Path.Combine(folder, "ledgers"), new() { SegmentBytes = 2304 * 1024, MaxEntryBytes = 576 * 1024 }, files, token))
            .UseCoordinator(async token => await LocalCoordinator.OpenAsync(Path.Combine(folder, "coordination"), files, token))
            .UseSqliteProjections(Path.Combine(folder, "read-models.db"))
            .AddHandlers(typeof(JarHandlers))
            .AddProjection<Levels, Level>()
            .Configure(o => (o.Partitions, o.LedgerBytes, o.RecoveryPointEvery, o.CommandWindow, o.SnapshotEvery, o.MaxRecordBytes) =
                (2, 1024 * 1024, 1000, 1000, 50, 16 * 1024))
            .OpenAsync();
    }

    /// <summary>Every event of every stream with its place, every state and every document.</summary>
    public static async Task<string> ContentAsync(Book book)
    {
        var content = new StringBuilder();
        for (var i = 0; i < Jars; i++)
        {
            var jar = $"j{i}";
            content.Append(CultureInfo.InvariantCulture, $"{await book.ReadAsync<Jar>(jar)}\n");
            Position? last = null;
            await foreach (var each in book.Streams.ReadAsync(new StreamId($"jar/{jar}")))
                content.Append(CultureInfo.InvariantCulture, $"{last = each.Position} {each.Version} {Crc32C.Compute(each.Data.Span)} ");
            await book.Projections.WaitForAsync("levels", last!.Value).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
            content.Append(CultureInfo.InvariantCulture, $"\n{await book.ReadModel<Level>().GetAsync($"jar/{jar}")}\n");
        }
        return content.ToString();
    }

    /// <summary>Whether a verification of the read models has findings.</summary>
    public static async Task<bool> IsDamageFoundAsync(string folder)
    {
        await using var sink = new SqliteProjections(new SqliteProjectionOptions { Path = Path.Combine(folder, "read-models.db") });
        return (await sink.VerifyAsync()).Count > 0;
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>The files of this machine without their flushes, which a book that is closed before it is read again does not need.</summary>
internal sealed class UnsyncedFiles() : FileSystemDecorator(new Embedded.Files.PhysicalFileSystem())
{
    public override IFile Open(string path, bool create) => new Unsynced(base.Open(path, create));

    public override void SyncDirectory(string path)
    {
    }

    private sealed class Unsynced(IFile file) : FileDecorator(file)
    {
        public override void Sync()
        {
        }
    }
}
