using Daybook.Core.Modeling;

namespace Daybook.Core.Partitions.Work;

/// <summary>A typed command with its binding.</summary>
internal sealed class CommandWork<TCommand> : WriteWork
{
    private readonly CommandBinding<TCommand> _binding;
    private readonly TCommand _command;
    private readonly Target _first;
    private readonly Target[]? _all;

    /// <summary>Finds out which aggregates the command names.</summary>
    /// <exception cref="DaybookException">It names none, or one by a bad key (<see cref="ErrorCode.InvalidArgument"/>).</exception>
    public CommandWork(CommandBinding<TCommand> binding, TCommand command, CommandId id, CommandOptions options, string? traceParent)
        : base(id, options, traceParent)
    {
        _binding = binding;
        _command = command;
        var targets = ThreadBuffers.Targets();
        binding.Collect(command, targets);
        if (targets.Count == 0)
            throw new DaybookException(ErrorCode.InvalidArgument, $"The command '{typeof(TCommand).Name}' names no aggregate.");
        _first = targets[0];
        _all = targets.Count > 1 ? [.. targets] : null;
        Fingerprint = binding.FingerprintOf(command);
    }

    public override ulong Fingerprint { get; }

    public override string Name => CommandFingerprint.NameOf(typeof(TCommand));

    public override Target First => _first;

    public override Target[]? All => _all;

    public override Decision Decide(ReadOnlySpan<object?> states, CommandContext context) => _binding.Decide(_command, states, context);
}
