using System.Threading.Channels;
using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Tests.Wire;
using Daybook.BookKeeper.Wire;
using Daybook.Testing.Time;
using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Tests.Connections;

/// <summary>What came back for a request.</summary>
internal sealed record Answer(BookieId Bookie, int Position, EntryId Entry, BookieStatus Status, ReadResponse Response);

/// <summary>Asks bookies and takes their answers. Its clock stands still unless moved. Fails when an answer comes from within a call.</summary>
internal sealed class Asker : IAddAnswers, IReadAnswers, IAsyncDisposable
{
    [ThreadStatic]
    private static bool t_isInCall;

    private readonly Channel<Answer> _answers = Channel.CreateUnbounded<Answer>();

    public Asker(params FakeBookie[] bookies)
        : this(null, bookies)
    {
    }

    public Asker(Func<BookKeeperOptions, BookKeeperOptions>? change, params FakeBookie[] bookies)
        : this(change, null, bookies)
    {
    }

    public Asker(Func<BookKeeperOptions, BookKeeperOptions>? change, (string Host, int Port)? elsewhere, params FakeBookie[] bookies)
    {
        var options = new BookKeeperOptions(new ZooKeeperOptions("none:1")) { Time = Time, Random = new Random(7) };
        options = change?.Invoke(options) ?? options;
        options.Validate();
        Bookies = new BookieConnections(new FakeDirectory(bookies) { Elsewhere = elsewhere }, options);
    }

    public static LedgerId Ledger => Probe.Ledger;

    public ManualTime Time { get; } = new();

    public BookieConnections Bookies { get; }

    /// <summary>How many answers lie there unread.</summary>
    public int Unread => _answers.Reader.Count;

    public static AddRequest AddOf(long entry, string payload = "hello", AddOptions options = AddOptions.None) =>
        new(Ledger, new EntryId(entry), Probe.Key, Probe.Packaged(Ledger, entry, -1, 5, payload), options);

    public void Add(FakeBookie bookie, long entry, int position = 0, AddOptions options = AddOptions.None) => Add(bookie, AddOf(entry, options: options), position);

    public void Add(FakeBookie bookie, in AddRequest request, int position = 0)
    {
        t_isInCall = true;
        Bookies.Add(bookie.Id, request, this, position);
        t_isInCall = false;
    }

    public void Read(FakeBookie bookie, long entry, int position = 0) => Read(bookie, new ReadRequest(Ledger, new EntryId(entry)), position);

    public void Read(FakeBookie bookie, in ReadRequest request, int position = 0)
    {
        t_isInCall = true;
        Bookies.Read(bookie.Id, request, this, position);
        t_isInCall = false;
    }

    /// <summary>The next answer to an add or a read.</summary>
    public async Task<Answer> NextAsync() => await _answers.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>The statuses of the next answers, by position.</summary>
    public async Task<BookieStatus[]> StatusesAsync(int count, int from = 0)
    {
        var statuses = new BookieStatus[count];
        for (var i = 0; i < count; i++)
        {
            var answer = await NextAsync();
            statuses[answer.Position - from] = answer.Status;
        }
        return statuses;
    }

    public ValueTask DisposeAsync() => Bookies.DisposeAsync();

    void IAddAnswers.Added(BookieId bookie, int position, EntryId entry, BookieStatus status) => Record(new Answer(bookie, position, entry, status, default));

    void IReadAnswers.Read(BookieId bookie, int position, EntryId asked, in ReadResponse response) =>
        Record(new Answer(bookie, position, asked, response.Status, response));

    // The connection would catch an exception; a marked position reaches the test.
    private void Record(Answer answer) => _answers.Writer.TryWrite(t_isInCall ? answer with { Position = int.MinValue } : answer);
}
