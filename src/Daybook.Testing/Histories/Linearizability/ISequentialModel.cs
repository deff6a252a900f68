namespace Daybook.Testing.Histories.Linearizability;

/// <summary>
/// What an object would answer if its calls came one at a time. Deterministic and pure; states and answers compare by value.
/// </summary>
/// <typeparam name="TState">The state of one key; immutable.</typeparam>
/// <typeparam name="TCall">What is asked.</typeparam>
/// <typeparam name="TReturn">What is answered.</typeparam>
public interface ISequentialModel<TState, TCall, TReturn>
{
    /// <summary>The state of a key that no call has touched.</summary>
    TState Initial { get; }

    /// <summary>
    /// The object that a call is for. Keys are checked apart from each other, which is sound because linearizability is local.
    /// </summary>
    string KeyOf(TCall call);

    /// <summary>The state after the call, and its answer.</summary>
    (TState Next, TReturn Return) Apply(TState state, TCall call);
}
