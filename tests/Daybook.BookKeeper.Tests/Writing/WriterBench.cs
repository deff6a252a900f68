using System.Text;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Tests.Fakes;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Writing;
using Daybook.Testing.Time;
using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Tests.Writing;

/// <summary>A writer over bookies and metadata in memory, and helpers with which tests describe the network's behaviour.</summary>
internal sealed class WriterBench
{
    private WriterBench(string[] bookies, Func<BookKeeperOptions, BookKeeperOptions>? configure)
    {
        Selection = new ListedBookies(bookies);
        var options = new BookKeeperOptions(new ZooKeeperOptions("127.0.0.1:1")) { Time = Time, Random = new Random(1) };
        Services = new ClientServices(configure?.Invoke(options) ?? options, Bookies, Metadata, Selection);
    }

    public MemoryBookies Bookies { get; } = new() { AnswersLacWithinTheCall = true };

    public MemoryMetadata Metadata { get; } = new();

    public ListedBookies Selection { get; }

    public ManualTime Time { get; } = new();

    public ClientServices Services { get; }

    public BookKeeperWriter Writer { get; private set; } = null!;

    public LedgerId Ledger => Writer.Id;

    /// <summary>A writer with quorums of <paramref name="write"/> and <paramref name="ack"/> on the first bookies of a list.</summary>
    public static Task<WriterBench> StartAsync(
        int ensemble, int write, int ack, string bookies, Func<BookKeeperOptions, BookKeeperOptions>? configure = null)
    {
        // The context of the test runner has what follows from an answer run elsewhere and later; without it, it has run when the answer is delivered.
        SynchronizationContext.SetSynchronizationContext(null);
        return new WriterBench(bookies.Split(' '), configure).StartAsync(ensemble, write, ack);
    }

    private async Task<WriterBench> StartAsync(int ensemble, int write, int ack)
    {
        Writer = await CreateAsync(ensemble, write, ack);
        return this;
    }

    public ValueTask<BookKeeperWriter> CreateAsync(int ensemble, int write, int ack) =>
        NewLedger.CreateAsync(Services, new CreateLedgerOptions { Ensemble = ensemble, WriteQuorum = write, AckQuorum = ack });

    public Task<EntryId> Append(int bytes = 3) => Writer.AppendAsync(Encoding.ASCII.GetBytes(new string('x', bytes)));

    public List<Task<EntryId>> AppendAll(int count) => [.. Enumerable.Range(0, count).Select(_ => Append())];

    /// <summary>Lets requests to bookies and their answers through: of one entry, or of all.</summary>
    public void Pass(string bookies, int? entry = null) => Bookies.DeliverWhere(message => Names(bookies, message) && IsAdd(message, entry));

    /// <summary>Lets requests reach bookies, but not the answers come back.</summary>
    public void Reach(string bookies, int? entry = null) =>
        Bookies.DeliverWhere(message => !message.IsAnswer && Names(bookies, message) && IsAdd(message, entry));

    /// <summary>Loses requests, or the answers that are under way; the writer hears <paramref name="status"/>.</summary>
    public void Lose(string bookies, int? entry = null, BookieStatus status = BookieStatus.TimedOut)
    {
        foreach (var message in Bookies.InFlight.Where(message => Names(bookies, message) && IsAdd(message, entry)).ToList())
            Bookies.Lose(message, status);
    }

    /// <summary>The adds that are under way to bookies, as <c>b1:0 b2:0</c>.</summary>
    public string UnderWay => string.Join(' ', Bookies.InFlight.Where(m => !m.IsAnswer && IsAdd(m, null)).Select(m => $"{m.Bookie}:{m.Entry}").Order(StringComparer.Ordinal));

    /// <summary>The segments as written, as <c>0:b1,b2 5:b1,b3</c>.</summary>
    public string Segments => string.Join(' ', Metadata[Ledger].Segments.Select(s => $"{s.First}:{string.Join(',', s.Bookies)}"));

    /// <summary>Which of some bookies have an entry.</summary>
    public int CopiesOf(int entry, string bookies) => bookies.Split(' ').Count(name => Bookies[name].EntriesOf(Ledger).ContainsKey(entry));

    /// <summary>Writes anything else to the metadata, as another client would.</summary>
    public void Change(Func<LedgerMetadata, LedgerMetadata> change) => Metadata.Put(change(Metadata[Ledger]));

    private static bool Names(string bookies, Message message) => bookies.Split(' ').Contains(message.Bookie.Value);

    private static bool IsAdd(Message message, int? entry) =>
        message.What.StartsWith("add", StringComparison.Ordinal) && (entry is null || message.Entry.Value == entry);
}

internal static class Soon
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static Task<T> WithinReason<T>(this Task<T> task) => task.WaitAsync(s_patience);

    public static Task WithinReason(this Task task) => task.WaitAsync(s_patience);

    public static async Task FailsWith(this Task task, ErrorCode code)
    {
        var error = await Assert.ThrowsAnyAsync<DaybookException>(() => task.WithinReason());
        Assert.Equal(code, error.Code);
    }
}
