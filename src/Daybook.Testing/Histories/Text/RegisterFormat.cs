using Daybook.Testing.Histories.Linearizability;

namespace Daybook.Testing.Histories.Text;

/// <summary>
/// Registers as Jepsen writes them: <c>:read nil</c>, <c>:write 4</c>, <c>:cas [3 0]</c>, and with a key <c>:write ["x" 4]</c>. The
/// register
/// whose key is the empty string is written without one.
/// </summary>
public sealed class RegisterFormat : IHistoryFormat<RegisterCall, RegisterReturn>
{
    /// <inheritdoc />
    public string FunctionOf(RegisterCall call) => call.Function switch
    {
        RegisterFunction.Read => "read",
        RegisterFunction.Write => "write",
        _ => "cas",
    };

    /// <inheritdoc />
    public string WriteCall(RegisterCall call) => WithKey(call.Key, call.Function switch
    {
        RegisterFunction.Read => "nil",
        RegisterFunction.Write => Edn.Write(call.Value),
        _ => $"[{Edn.Write(call.Expected)} {Edn.Write(call.Value)}]",
    });

    /// <inheritdoc />
    public string WriteReturn(RegisterCall call, RegisterReturn answer) => call.Function switch
    {
        RegisterFunction.Read => WithKey(call.Key, Edn.Write(answer.Value)),
        RegisterFunction.CompareAndSet when !answer.Applied => "false",
        _ => WriteCall(call),
    };

    /// <inheritdoc />
    public RegisterCall ReadCall(string function, string value)
    {
        var (key, operand) = SplitKey(function, Edn.Read(value));
        return (function, operand) switch
        {
            ("read", null) => RegisterCall.Read(key),
            ("write", long written) => RegisterCall.Write(key, written),
            ("cas", List<object?> and [var expected and (null or long), long next]) =>
                RegisterCall.CompareAndSet(key, (long?)expected, next),
            _ => throw new FormatException($"':{function} {value}' is not a call to a register."),
        };
    }

    /// <inheritdoc />
    public RegisterReturn ReadReturn(RegisterCall call, string value)
    {
        if (call.Function == RegisterFunction.Write) return RegisterReturn.Written;
        if (call.Function == RegisterFunction.CompareAndSet) return RegisterReturn.CompareAndSet(value != "false");
        return SplitKey("read", Edn.Read(value)).Operand switch
        {
            null => RegisterReturn.Read(null),
            long read => RegisterReturn.Read(read),
            _ => throw new FormatException($"'{value}' is not what a register holds."),
        };
    }

    private static string WithKey(string key, string value) => key.Length == 0 ? value : $"[{Edn.Quote(key)} {value}]";

    private static (string Key, object? Operand) SplitKey(string function, object? value) => value switch
    {
        List<object?> and [{ } key, var operand] when function != "cas" || operand is List<object?> => ($"{key}", operand),
        _ => ("", value),
    };
}
