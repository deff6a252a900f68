using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Recovering;

/// <summary>What a machine wants to be sent to a bookie.</summary>
/// <param name="Bookie">The receiver.</param>
/// <param name="Position">Comes back with the answer.</param>
internal abstract record BookieRequest(BookieId Bookie, int Position);

/// <summary>Send a read.</summary>
internal sealed record SendRead(BookieId Bookie, int Position, ReadRequest Request) : BookieRequest(Bookie, Position);

/// <summary>Send an add.</summary>
internal sealed record SendAdd(BookieId Bookie, int Position, AddRequest Request) : BookieRequest(Bookie, Position);

/// <summary>Ask for the explicit LAC.</summary>
internal sealed record SendReadLac(BookieId Bookie, int Position, LedgerId Ledger) : BookieRequest(Bookie, Position);

/// <summary>What came of a request; every request is answered once.</summary>
/// <param name="Bookie">The sender.</param>
/// <param name="Position">As in the request.</param>
/// <param name="Status">How it went.</param>
internal abstract record BookieAnswer(BookieId Bookie, int Position, BookieStatus Status);

/// <summary>The answer to a read of <paramref name="Asked"/>.</summary>
internal sealed record ReadAnswered(BookieId Bookie, int Position, EntryId Asked, ReadResponse Response) : BookieAnswer(Bookie, Position, Response.Status);

/// <summary>The answer to an add of <paramref name="Entry"/>.</summary>
internal sealed record AddAnswered(BookieId Bookie, int Position, EntryId Entry, BookieStatus Status) : BookieAnswer(Bookie, Position, Status);

/// <summary>What a bookie knows of the LAC.</summary>
internal sealed record LacAnswered(BookieId Bookie, int Position, LacAnswer Answer) : BookieAnswer(Bookie, Position, Answer.Status);
