using System.Buffers.Text;
using System.Text;
using Daybook.BookKeeper.Metadata.Proto;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.V3;
using Google.Protobuf;

namespace Daybook.BookKeeper.Metadata;

/// <summary>The value of a ledger's node: versions 1, 2 and 3 are read, 3 is written.</summary>
internal static class LedgerMetadataCodec
{
    private static ReadOnlySpan<byte> Magic => "BookieMetadataFormatVersion\t"u8;

    /// <summary>Reads a value.</summary>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.BadMetadata"/>: an unknown version, or a value that makes no sense.</exception>
    public static LedgerMetadata Decode(LedgerId ledger, ReadOnlyMemory<byte> value)
    {
        var span = value.Span;
        var end = span.IndexOf((byte)'\n');
        if (end < 0 || !span.StartsWith(Magic))
            throw LedgerMetadataErrors.Bad(ledger, "they do not start with the format's name");
        var digits = span[Magic.Length..end];
        if (!Utf8Parser.TryParse(digits, out int version, out var used) || used != digits.Length || version is < 1 or > 3)
            throw LedgerMetadataErrors.Bad(ledger, $"version '{Encoding.Latin1.GetString(digits[..Math.Min(digits.Length, 20)])}' is unknown to this version of Daybook");
        var body = value[(end + 1)..];
        try
        {
            return LedgerMetadata.Checked(version switch
            {
                1 => LedgerMetadataText.Decode(ledger, Encoding.UTF8.GetString(body.Span)),
                2 => LedgerMetadataMessage.Read(ledger, LedgerMetadataProtoText.Read(TextMessage.Parse(body.Span))),
                _ => LedgerMetadataMessage.Read(ledger, Delimited(body)),
            });
        }
        catch (Exception e) when (e is MalformedFrameException or FormatException or OverflowException)
        {
            throw LedgerMetadataErrors.Bad(ledger, e.Message, e);
        }
    }

    /// <summary>Writes a value of version 3, with everything that was read and not understood.</summary>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.BadMetadata"/>: it makes no sense, and nobody else must see it.</exception>
    public static byte[] Encode(LedgerMetadata metadata)
    {
        var message = LedgerMetadataMessage.Write(LedgerMetadata.Checked(metadata));
        using var value = new MemoryStream();
        value.Write(Magic);
        value.Write("3\n"u8);
        message.WriteDelimitedTo(value);
        return value.ToArray();
    }

    private static LedgerMetadataFormat Delimited(ReadOnlyMemory<byte> body)
    {
        var (length, at) = (0L, 0);
        for (var shift = 0; ; shift += 7)
        {
            if (at == body.Length || shift > 28)
                throw new FormatException("the length of the message is broken");
            var part = body.Span[at++];
            length |= (long)(part & 0x7F) << shift;
            if (part < 0x80)
                break;
        }
        return length == body.Length - at
            ? Generated.Parse(LedgerMetadataFormat.Parser, body[at..])
            : throw new FormatException($"a message of {length} bytes is announced and {body.Length - at} follow");
    }
}
