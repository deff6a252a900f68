namespace Daybook.Testing.Histories.Linearizability;

/// <summary>The operations of a search that never completed, in order of invocation, and which of them it has used.</summary>
internal sealed class OpenOperations<TCall, TReturn>
{
    private readonly Operation<TCall, TReturn>[] _operations;
    private readonly int?[] _twins;

    public OpenOperations(Operation<TCall, TReturn>[] operations)
    {
        _operations = operations;
        Used = new OperationSet(operations.Length);
        _twins = new int?[operations.Length];
        var latest = new Dictionary<ValueTuple<TCall>, int>();
        for (var i = 0; i < operations.Length; i++)
        {
            if (latest.TryGetValue(new(operations[i].Call), out var twin)) _twins[i] = twin;
            latest[new(operations[i].Call)] = i;
        }
    }

    public OperationSet Used { get; }

    public Operation<TCall, TReturn> this[int index] => _operations[index];

    /// <summary>
    /// The next one from <paramref name="index"/> on that can take effect before <paramref name="deadline"/>. Those with equal calls are
    /// interchangeable, so each waits for the one before it: that cuts the search by a factorial.
    /// </summary>
    public int? NextUsable(int index, LogicalTime deadline)
    {
        for (; index < _operations.Length && _operations[index].Invoked <= deadline; index++)
        {
            if (!Used.Contains(index) && (_twins[index] is not { } twin || Used.Contains(twin))) return index;
        }
        return null;
    }
}
