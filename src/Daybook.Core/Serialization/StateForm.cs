using System.Buffers;

namespace Daybook.Core.Serialization;

/// <summary>
/// How states of one type are kept between events. Those whose stored form is proved to equal them are kept as they are. All others are kept
/// in their stored form: each use gets a value of its own, and a state is the same whether a snapshot lies between its events or not.
/// </summary>
/// <param name="type">The state type.</param>
/// <param name="serializer">Writes and reads stored forms; null when states are kept as objects.</param>
/// <param name="isIdentity">True when states are kept as objects because their stored form is proved to equal them.</param>
internal sealed class StateForm(Type type, IEventSerializer? serializer, bool isIdentity)
{
    /// <summary>States that nobody stores.</summary>
    public static StateForm AsObjects { get; } = new(typeof(object), null, true);

    /// <summary>Puts a state into the form in which it is kept.</summary>
    /// <exception cref="DaybookException">It is of a derived type that its stored form loses.</exception>
    public object? Keep(object? state)
    {
        if (state is null || serializer is null)
            return state;
        if (isIdentity && state.GetType() == type)
            return state;
        try
        {
            return Store(state);
        }
        catch (Exception e) when (e is not DaybookException { Code: ErrorCode.InvalidArgument })
        {
            return state; // it comes of its events alone: no snapshot of it is written either
        }
    }

    /// <summary>A state to be used: one that nothing else refers to, unless it cannot be changed.</summary>
    public object? Open(object? kept) => kept is StoredState stored ? stored.Take(this) : kept;

    /// <summary>Writes a kept state in its stored form.</summary>
    /// <exception cref="DaybookException">It cannot be written and read back.</exception>
    public void Write(object kept, IBufferWriter<byte> destination)
    {
        if (kept is StoredState stored)
            destination.Write(stored.Bytes.Span);
        else if (isIdentity)
            Serialize(kept, destination);
        else
            destination.Write(Store(kept).Bytes.Span);
    }

    /// <summary>Reads a state from its stored form.</summary>
    public object Read(ReadOnlySpan<byte> bytes)
    {
        var state = serializer!.Deserialize(type, bytes);
        return type.IsInstanceOfType(state)
            ? state
            : throw new DaybookException(ErrorCode.Corrupted, $"The serializer read a '{state?.GetType()}' where a '{type}' was stored.");
    }

    /// <summary>Reads a snapshot into the form in which states are kept.</summary>
    public object ReadKept(ReadOnlyMemory<byte> bytes)
    {
        var state = Read(bytes.Span);
        return isIdentity && state.GetType() == type ? state : new StoredState(bytes, state);
    }

    /// <summary>Whether a stored form can be read, and what is read is stored as the same again.</summary>
    public bool IsFaithful(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            ReadOnlySpan<byte> once = Serialized(Read(bytes.Span)), twice = Serialized(Read(bytes.Span));
            return !once.SequenceEqual(twice) || StoredForm.Difference(bytes.Span, once) is null; // a serializer may salt what it writes
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }

    /// <summary>The stored form of a state that is in use.</summary>
    public ReadOnlySpan<byte> Serialized(object state)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Serialize(state, bytes);
        return bytes.WrittenSpan;
    }

    private StoredState Store(object state)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Serialize(state, bytes);
        var read = Read(bytes.WrittenSpan);
        if (read.GetType() != state.GetType())
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"A state of type '{state.GetType()}' is read back as '{read.GetType()}'; mark '{type}' with [JsonDerivedType] for each type derived from it.");
        return new StoredState(bytes.WrittenSpan.ToArray(), read);
    }

    private void Serialize(object state, IBufferWriter<byte> destination)
    {
        if (serializer is JsonEventSerializer json)
            json.Serialize(state, type, destination);
        else
            serializer!.Serialize(state, destination);
    }

    /// <summary>A state in its stored form, with one value of it for the first use.</summary>
    private sealed class StoredState(ReadOnlyMemory<byte> bytes, object? unused)
    {
        private object? _unused = unused;

        public ReadOnlyMemory<byte> Bytes => bytes;

        public object Take(StateForm form) => Interlocked.Exchange(ref _unused, null) ?? form.Read(bytes.Span);
    }
}
