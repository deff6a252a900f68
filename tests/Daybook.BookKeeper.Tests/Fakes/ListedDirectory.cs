using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Placement;

namespace Daybook.BookKeeper.Tests.Fakes;

/// <summary>Bookies that a test lists, on separate ports.</summary>
internal sealed class ListedDirectory(params string[] writable) : IBookieDirectory
{
    private TaskCompletionSource _changed = new();

    public IReadOnlyList<BookieRegistration> Writable { get; private set; } = Registered(writable);

    public IReadOnlyList<BookieRegistration> ReadOnly { get; private set; } = [];

    public Task Changed => _changed.Task;

    public (string Host, int Port)? AddressOf(BookieId bookie) => Writable.Concat(ReadOnly).FirstOrDefault(known => known.Bookie == bookie) is { } found
        ? (found.Host, found.Port)
        : null;

    /// <summary>From now on, these.</summary>
    public void Set(string[] writable, params string[] readOnly)
    {
        (Writable, ReadOnly) = (Registered(writable), Registered(readOnly));
        Interlocked.Exchange(ref _changed, new TaskCompletionSource()).SetResult();
    }

    private static BookieRegistration[] Registered(string[] names) =>
        [.. names.Order(StringComparer.Ordinal).Select((name, i) => new BookieRegistration(new BookieId(name), name, 3181 + i))];
}
