using System.Collections.Immutable;

namespace Daybook.Testing.Histories.Serializability;

/// <summary>A transaction sees each list as it was before it, followed by its own appends so far, however often it looks.</summary>
internal static class InternalConsistency
{
    public static void Check(Operation<ListTransaction, ListTransaction> transaction, AnomalyReport report)
    {
        var views = new Dictionary<string, View>();
        foreach (var operation in transaction.Return!.Operations)
        {
            if (!views.TryGetValue(operation.Key, out var view))
                views[operation.Key] = view = new View(OwnValues(transaction, operation.Key));
            if (operation.Appended is { } value) view.Append(value);
            else if (operation.Seen is { } seen && !view.TryRead(seen))
                report.Add(AnomalyKind.Internal, operation.Key, $"{operation} is not what the transaction saw or did before", transaction.Index);
        }
    }

    private static HashSet<long> OwnValues(Operation<ListTransaction, ListTransaction> transaction, string key) =>
        [.. transaction.Call.Operations.Where(o => o.Key == key && !o.IsRead).Select(o => o.Appended!.Value)];

    private sealed class View(HashSet<long> own)
    {
        private readonly List<long> _appended = [];
        private ImmutableArray<long>? _read;

        public void Append(long value) => _appended.Add(value);

        public bool TryRead(ImmutableArray<long> seen)
        {
            var before = seen.Length - _appended.Count;
            var fits = before >= 0 && seen.AsSpan(before..).SequenceEqual([.. _appended]) && IsRestRight(seen[..before]);
            _read = seen;
            _appended.Clear();
            return fits;
        }

        private bool IsRestRight(ImmutableArray<long> rest) =>
            _read is { } read ? rest.AsSpan().SequenceEqual(read.AsSpan()) : own.Count == 0 || !rest.Any(own.Contains);
    }
}
