namespace Daybook.BookKeeper;

/// <summary>A bookie that is registered.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Host">Where it listens.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="IsReadOnly">Whether it only serves reads, for example as its disk is nearly full.</param>
/// <param name="Properties">Its other published fields, such as its version.</param>
public sealed record BookieInfo(BookieId Id, string Host, int Port, bool IsReadOnly, IReadOnlyDictionary<string, string> Properties);
