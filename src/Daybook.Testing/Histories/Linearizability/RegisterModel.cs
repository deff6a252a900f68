namespace Daybook.Testing.Histories.Linearizability;

/// <summary>Registers that are empty at first, under any number of keys.</summary>
public sealed class RegisterModel : ISequentialModel<long?, RegisterCall, RegisterReturn>
{
    /// <inheritdoc />
    public long? Initial => null;

    /// <inheritdoc />
    public string KeyOf(RegisterCall call) => call.Key;

    /// <inheritdoc />
    public (long? Next, RegisterReturn Return) Apply(long? state, RegisterCall call) => call.Function switch
    {
        RegisterFunction.Read => (state, RegisterReturn.Read(state)),
        RegisterFunction.Write => (call.Value, RegisterReturn.Written),
        _ when state == call.Expected => (call.Value, RegisterReturn.CompareAndSet(true)),
        _ => (state, RegisterReturn.CompareAndSet(false)),
    };
}
