namespace Daybook.Core.Modeling;

/// <summary>A command type and the pure function that decides it.</summary>
internal abstract class CommandBinding(Type commandType, IReadOnlyList<AggregateModel> aggregates)
{
    public Type CommandType { get; } = commandType;

    public IReadOnlyList<AggregateModel> Aggregates { get; } = aggregates;
}

/// <summary>Binds commands of one type: which aggregates they name, and how to call the handler with their states.</summary>
/// <param name="slots">The handler's parameters in order; null stands for the <see cref="CommandContext"/>.</param>
/// <param name="aggregates">The aggregates it asks for.</param>
/// <param name="handler">Calls the handler with one argument a slot.</param>
internal sealed class CommandBinding<TCommand>(
    IReadOnlyList<ParameterSlot<TCommand>?> slots,
    IReadOnlyList<AggregateModel> aggregates,
    Func<TCommand, object?[], CommandContext, Decision?> handler)
    : CommandBinding(typeof(TCommand), aggregates)
{
    private readonly CommandFingerprint.For<TCommand> _fingerprint = new();

    /// <summary>Distinguishes a command from another under the same id.</summary>
    public ulong FingerprintOf(TCommand command) => _fingerprint.Of(command);

    /// <summary>Adds the aggregates the command names, in the handler's order.</summary>
    /// <exception cref="DaybookException">A key is null, empty or too long (<see cref="ErrorCode.InvalidArgument"/>).</exception>
    public void Collect(TCommand command, List<Target> targets)
    {
        foreach (var slot in slots)
            slot?.Collect(command, targets);
    }

    /// <summary>Calls the handler. Its exceptions come out as <see cref="ErrorCode.HandlerFailed"/> (invariant J7).</summary>
    /// <param name="command">The command.</param>
    /// <param name="states">The states of the collected aggregates, null where one is absent.</param>
    /// <param name="context">What else it may know.</param>
    public Decision Decide(TCommand command, ReadOnlySpan<object?> states, CommandContext context)
    {
        var arguments = ThreadBuffers.Arguments(slots.Count);
        try
        {
            var next = 0;
            for (var i = 0; i < arguments.Length; i++)
                arguments[i] = slots[i]?.Bind(command, states, ref next);
            return handler(command, arguments, context) ?? throw new InvalidOperationException("it returned no decision");
        }
        catch (Exception e)
        {
            throw new DaybookException(ErrorCode.HandlerFailed, $"The handler of '{typeof(TCommand)}' failed: {ExceptionText.Of(e)}", e);
        }
        finally
        {
            Array.Clear(arguments);
        }
    }
}
