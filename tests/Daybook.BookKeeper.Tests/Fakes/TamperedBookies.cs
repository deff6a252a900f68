using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Fakes;

/// <summary>Injects mistakes between its user and the bookies.</summary>
internal sealed class TamperedBookies(IBookies inner) : IBookies
{
    /// <summary>What is asked instead.</summary>
    public Func<ReadRequest, ReadRequest> OnRead { get; init; } = request => request;

    /// <summary>What is heard instead when an entry was asked for.</summary>
    public Func<EntryId, ReadResponse, ReadResponse> OnReadAnswer { get; init; } = (_, response) => response;

    /// <summary>What is heard instead of the answer to a question for the LAC.</summary>
    public Func<LedgerId, LacAnswer, LacAnswer> OnLac { get; init; } = (_, answer) => answer;

    /// <summary>What is heard instead of the answer to an add.</summary>
    public Func<BookieStatus, BookieStatus> OnAdded { get; init; } = status => status;

    public void Read(BookieId bookie, in ReadRequest request, IReadAnswers answers, int position) =>
        inner.Read(bookie, OnRead(request), new Answers(this, reads: answers), position);

    public void Add(BookieId bookie, in AddRequest request, IAddAnswers answers, int position) =>
        inner.Add(bookie, request, new Answers(this, adds: answers), position);

    public Task<BatchAnswer> ReadBatchAsync(BookieId bookie, LedgerId ledger, EntryId first, int maxCount, long maxBytes) =>
        inner.ReadBatchAsync(bookie, ledger, first, maxCount, maxBytes);

    public Task<BookieStatus> WriteLacAsync(BookieId bookie, LedgerId ledger, EntryId lac, ReadOnlyMemory<byte> masterKey, ReadOnlyMemory<byte> packet) =>
        inner.WriteLacAsync(bookie, ledger, lac, masterKey, packet);

    public async Task<LacAnswer> ReadLacAsync(BookieId bookie, LedgerId ledger) => OnLac(ledger, await inner.ReadLacAsync(bookie, ledger));

    public Task<BookieStatus> ForceAsync(BookieId bookie, LedgerId ledger) => inner.ForceAsync(bookie, ledger);

    public Task<(BookieStatus Status, EntryListing? Entries)> ListEntriesAsync(BookieId bookie, LedgerId ledger) => inner.ListEntriesAsync(bookie, ledger);

    public Task<(BookieStatus Status, long TotalBytes, long FreeBytes)> InfoAsync(BookieId bookie) => inner.InfoAsync(bookie);

    private sealed class Answers(TamperedBookies owner, IReadAnswers? reads = null, IAddAnswers? adds = null) : IReadAnswers, IAddAnswers
    {
        public void Added(BookieId bookie, int position, EntryId entry, BookieStatus status) => adds!.Added(bookie, position, entry, owner.OnAdded(status));

        public void Read(BookieId bookie, int position, EntryId asked, in ReadResponse response) =>
            reads!.Read(bookie, position, asked, owner.OnReadAnswer(asked, response));
    }
}
