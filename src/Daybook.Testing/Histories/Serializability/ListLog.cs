using System.Collections.Immutable;

namespace Daybook.Testing.Histories.Serializability;

/// <summary>
/// All that a history contains about one list. The longest read is the order of its versions; values that no read shows come after it.
/// </summary>
internal sealed class ListLog(string key)
{
    private readonly Dictionary<long, ListAppend> _appends = [];
    private readonly List<ListRead> _reads = [];
    private Dictionary<long, int>? _positions;

    public string Key { get; } = key;

    public ImmutableArray<long> Order { get; private set; } = [];

    /// <summary>The transaction whose read shows the order; -1 if no read shows anything.</summary>
    public int OrderReader { get; private set; } = -1;

    public IReadOnlyList<ListRead> Reads => _reads;

    public IReadOnlyDictionary<long, ListAppend> Appends => _appends;

    public void Add(long value, ListAppend append)
    {
        if (_appends.TryAdd(value, append)) return;
        var (first, second) = (_appends[value].Transaction, append.Transaction);
        throw new ArgumentException($"Transactions #{first} and #{second} both append {value} to list {Key}, but only their values identify versions.");
    }

    public void Add(ListRead read)
    {
        _reads.Add(read);
        if (read.Seen.Length > Order.Length) (Order, OrderReader) = (read.Seen, read.Transaction);
    }

    public bool IsPrefixOfOrder(ListRead read) => Order.AsSpan().StartsWith(read.Seen.AsSpan());

    /// <summary>Where in the order a value is; null if no read shows it.</summary>
    public int? PositionOf(long value)
    {
        if (_positions is null)
        {
            _positions = [];
            for (var i = 0; i < Order.Length; i++) _positions.TryAdd(Order[i], i);
        }
        return _positions.TryGetValue(value, out var position) ? position : null;
    }
}

/// <summary>Which transaction appended a value, and whether it is that transaction's last append to the list.</summary>
internal readonly record struct ListAppend(int Transaction, bool IsLast);

/// <summary>What a completed transaction saw of a list.</summary>
/// <param name="Transaction">The reader.</param>
/// <param name="Seen">The list.</param>
/// <param name="Own">How many values at the end are the reader's own; null for a second read in a transaction, which adds nothing about
/// others.</param>
internal readonly record struct ListRead(int Transaction, ImmutableArray<long> Seen, int? Own);
