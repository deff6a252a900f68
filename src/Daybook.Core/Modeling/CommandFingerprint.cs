using Daybook.Core.Hashing;

namespace Daybook.Core.Modeling;

/// <summary>
/// Distinguishes a command from another under the same id: 24 bits of its name, 40 of its content. It stands in the command's record, so it
/// is the same on every machine and in every process. 0 stands for a command that was recorded without one.
/// </summary>
internal static class CommandFingerprint
{
    private const int BodyBits = 40;
    private static readonly ulong s_append = BitsOf(Append);

    /// <summary>The name of appends of ready-made events.</summary>
    public const string Append = "append of events";

    public static ulong Of(StreamId stream, ReadOnlySpan<EventData> events)
    {
        var hash = HashMix.Text(stream.Value);
        foreach (var e in events)
            hash = HashMix.Chain(HashMix.Chain(hash, HashMix.Text(e.Type)), HashMix.Bytes(e.Data.Span));
        return With(s_append, hash);
    }

    /// <summary>Whether both are known and differ.</summary>
    public static bool Differ(ulong one, ulong other) => one != 0 && other != 0 && one != other;

    /// <summary>Whether a fingerprint is that of a command of this name.</summary>
    public static bool IsOf(string name, ulong fingerprint) => BitsOf(name) >> BodyBits == fingerprint >> BodyBits;

    /// <summary>The name of a command type, free of namespaces and assemblies.</summary>
    public static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name}[{string.Join(',', type.GenericTypeArguments.Select(NameOf))}]"
        : type.Name;

    private static ulong BitsOf(string name) => (HashMix.Text(name) | 1) << BodyBits;

    private static ulong With(ulong name, ulong body) => name | (HashMix.Mix(body) & ((1UL << BodyBits) - 1));

    /// <summary>Fingerprints commands of one type. Made once for a binding, so that nothing about the type is looked up again for
    /// each.</summary>
    public sealed class For<TCommand>
    {
        private readonly ulong _name = BitsOf(NameOf(typeof(TCommand)));
        private Func<TCommand, int, ulong>? _content;

        /// <summary>The fingerprint of a command; of its name only where its content cannot be read.</summary>
        public ulong Of(TCommand command)
        {
            try
            {
                return With(_name, (_content ??= ContentHash.Hasher<TCommand>.Hash)(command, 0));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                return With(_name, 0);
            }
        }
    }
}
