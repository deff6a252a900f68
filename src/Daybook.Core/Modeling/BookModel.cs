using System.Collections.Frozen;
using Daybook.Core.Serialization;

namespace Daybook.Core.Modeling;

/// <summary>Everything registered with a book, compiled and checked; never changes while it runs.</summary>
internal sealed class BookModel(
    IReadOnlyDictionary<Type, CommandBinding> commands, IReadOnlyDictionary<Type, AggregateModel> aggregates, EventCodec codec, bool checksFolds)
{
    private readonly FrozenDictionary<Type, CommandBinding> _commands = commands.ToFrozenDictionary();
    private readonly FrozenDictionary<Type, AggregateModel> _aggregates = aggregates.ToFrozenDictionary();
    private readonly FrozenDictionary<string, AggregateModel> _byCategory =
        aggregates.Values.ToFrozenDictionary(model => model.Category, StringComparer.Ordinal);

    public EventCodec Codec { get; } = codec;

    /// <summary>Whether every event is folded a second time from its stored form.</summary>
    public bool ChecksFolds { get; } = checksFolds;

    public IEnumerable<AggregateModel> Aggregates => _aggregates.Values;

    /// <summary>The aggregate whose category a stream has; null for other streams.</summary>
    public AggregateModel? AggregateOf(StreamId stream)
    {
        var slash = stream.Value.IndexOf('/', StringComparison.Ordinal);
        var byCategory = _byCategory.GetAlternateLookup<ReadOnlySpan<char>>();
        return slash >= 0 && byCategory.TryGetValue(stream.Value.AsSpan(0, slash), out var model) ? model : null;
    }

    /// <summary>What the command with a fingerprint is called.</summary>
    public string NameOf(ulong fingerprint) =>
        _commands.Keys.Select(CommandFingerprint.NameOf).Append(CommandFingerprint.Append).FirstOrDefault(name => CommandFingerprint.IsOf(name, fingerprint))
        ?? "one that this program does not know";

    /// <exception cref="DaybookException"><see cref="ErrorCode.UnknownType"/>.</exception>
    public CommandBinding<TCommand> Command<TCommand>() =>
        _commands.TryGetValue(typeof(TCommand), out var binding)
            ? (CommandBinding<TCommand>)binding
            : throw new DaybookException(ErrorCode.UnknownType, 
                $"No handler is registered for commands of type '{typeof(TCommand)}'; add it with AddHandlersFrom<T> or AddHandlers.");

    /// <exception cref="DaybookException"><see cref="ErrorCode.UnknownType"/>.</exception>
    public AggregateModel Aggregate(Type state) =>
        _aggregates.TryGetValue(state, out var model)
            ? model
            : throw new DaybookException(ErrorCode.UnknownType, 
                $"No handler or registration knows the aggregate '{state}'; add it with AddAggregate<T>, or a handler that takes it.");
}
