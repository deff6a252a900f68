using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Connections;

/// <summary>A request on its way to a connection.</summary>
internal readonly struct Outgoing
{
    /// <summary>Around a request's own bytes: prefix, header, ids, key.</summary>
    private const int Overhead = 96;

    /// <summary>The pending requests.</summary>
    public PendingRequest Pending { get; private init; }

    /// <summary>How long to wait for the answer.</summary>
    public TimeSpan Timeout { get; private init; }

    /// <summary>Present for adds.</summary>
    public AddRequest Add { get; private init; }

    /// <summary>Present for reads and long polls.</summary>
    public ReadRequest Read { get; private init; }

    /// <summary>Present for all else: what the protocol that is meant calls the request.</summary>
    public object? Message { get; private init; }

    public BookieOperation Operation => Pending.Operation;

    public static Outgoing Of(in AddRequest request, IAddAnswers answers, int position, BookKeeperOptions options) => new()
    {
        Pending = new PendingRequest(BookieOperation.Add, answers, position, request.Ledger, request.Entry, request.Entry)
        {
            Bytes = request.Body.Length + Overhead,
        },
        Timeout = options.AddTimeout,
        Add = request,
    };

    public static Outgoing Of(in ReadRequest request, IReadAnswers answers, int position, BookKeeperOptions options)
    {
        var brought = request.PreviousLac is { } lac && (request.Options & ReadOptions.Piggyback) != 0 ? lac.Next : request.Entry;
        var operation = request.PreviousLac is null ? BookieOperation.Read : BookieOperation.LongPoll;
        return new Outgoing
        {
            Pending = new PendingRequest(operation, answers, position, request.Ledger, request.Entry, brought) { Bytes = Overhead },
            Timeout = options.ReadTimeout + TimeSpan.FromMilliseconds(Math.Clamp(request.Timeout ?? 0, 0, int.MaxValue)),
            Read = request,
        };
    }

    public static Outgoing Of(
        BookieOperation operation, LedgerId ledger, EntryId entry, object message, IContentAnswers answers, TimeSpan timeout) => new()
    {
        Pending = new PendingRequest(operation, answers, 0, ledger, entry, entry) { Bytes = Overhead },
        Timeout = timeout,
        Message = message,
    };
}
