using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Daybook;

/// <summary>
/// The identity of one reaction to one event: the same whenever the event is delivered again, on every node. Pass it to the system that has
/// the effect, such as the idempotency key of a payment or the message id of a broker, so that a second delivery has none.
/// </summary>
/// <param name="Value">The id.</param>
public readonly record struct IdempotencyId(Guid Value)
{
    /// <summary>
    /// The id for a reaction to an event. It follows from the reaction's name, the event's place in the book (stream and version) and the id of the
    /// command behind it, so that two books never share one.
    /// </summary>
    /// <param name="reaction">The reaction's name; another name gives other ids.</param>
    /// <param name="recorded">The event.</param>
    public static IdempotencyId Of(string reaction, RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(reaction);
        ArgumentNullException.ThrowIfNull(recorded?.Metadata, nameof(recorded));
        var version = recorded.Version.Value.ToString(CultureInfo.InvariantCulture);
        return new(NameBasedId.Of("daybook.reaction", reaction, recorded.Stream.Value, version, recorded.Metadata.CommandId.ToString()));
    }

    /// <summary>The id of a command that the reaction sends, so that a second delivery sends the same command (invariant J5).</summary>
    /// <param name="step">Distinguishes several commands of one reaction; empty for the only one.</param>
    public CommandId ToCommandId(string step = "")
    {
        ArgumentNullException.ThrowIfNull(step);
        return new(NameBasedId.Of("daybook.reaction.command", ToString(), step));
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>
/// Ids that follow from names: UUIDs of version 8 (RFC 9562, 5.8) whose other 122 bits are the first of a SHA-256 over the names, each as UTF-8
/// behind its length in four bytes, big-endian. The same names give the same id on every machine, for ever.
/// </summary>
internal static class NameBasedId
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="DaybookException">A name holds half a surrogate pair, which has no bytes of its own: two names would get one id.</exception>
    public static Guid Of(params ReadOnlySpan<string> names)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var name in names)
        {
            var bytes = Bytes(name);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        Span<byte> id = stackalloc byte[32];
        hash.GetHashAndReset(id);
        id[6] = (byte)(0x80 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new Guid(id[..16], bigEndian: true);
    }

    private static byte[] Bytes(string name)
    {
        try
        {
            return s_strict.GetBytes(name);
        }
        catch (EncoderFallbackException e)
        {
            throw new DaybookException(ErrorCode.InvalidArgument, $"An id cannot be made from a text that holds half a surrogate pair, at index {e.Index}.", e);
        }
    }
}
