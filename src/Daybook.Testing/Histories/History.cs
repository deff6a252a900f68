namespace Daybook.Testing.Histories;

/// <summary>What a set of concurrent clients asked and saw: operations in order of invocation.</summary>
/// <typeparam name="TCall">What was asked.</typeparam>
/// <typeparam name="TReturn">What was answered.</typeparam>
public sealed class History<TCall, TReturn>
{
    private readonly Operation<TCall, TReturn>[] _operations;

    /// <summary>A history of operations, which are put in order of invocation and numbered anew.</summary>
    /// <exception cref="ArgumentException">An operation completes before it is invoked, or has a completion where its outcome is
    /// unknown.</exception>
    public History(IEnumerable<Operation<TCall, TReturn>> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        _operations = [.. operations.OrderBy(o => o.Invoked).Select((o, index) => o.Index == index ? o : o with { Index = index })];
        foreach (var operation in _operations)
        {
            if (operation.Completed < operation.Invoked)
                throw new ArgumentException($"Operation {operation} completes before it is invoked.", nameof(operations));
            if ((operation.Completed == LogicalTime.Never) != (operation.Completion == Completion.Info))
                throw new ArgumentException($"Operation {operation} must have a completion, unless its outcome is unknown.", nameof(operations));
        }
    }

    /// <summary>The operations; each one's <see cref="Operation{TCall, TReturn}.Index"/> is its place here.</summary>
    public IReadOnlyList<Operation<TCall, TReturn>> Operations => _operations;
}
