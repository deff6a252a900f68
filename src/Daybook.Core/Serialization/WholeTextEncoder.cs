using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Daybook.Core.Serialization;

/// <summary>
/// The default escaping of JSON, but text with half of a surrogate pair is refused: it has no UTF-8, and the default encoder would store
/// another character in its place.
/// </summary>
internal sealed unsafe class WholeTextEncoder : JavaScriptEncoder
{
    private static readonly JavaScriptEncoder s_default = Default;

    public static WholeTextEncoder Instance { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => s_default.MaxOutputCharactersPerInputCharacter;

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var first = s_default.FindFirstCharacterToEncode(text, textLength);
        if (first >= 0)
            CheckIsWhole(new ReadOnlySpan<char>(text + first, textLength - first));
        return first;
    }

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => s_default.FindFirstCharacterToEncodeUtf8(utf8Text);

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        s_default.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);

    public override bool WillEncode(int unicodeScalar) => s_default.WillEncode(unicodeScalar);

    public override OperationStatus Encode(
        ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten, bool isFinalBlock = true) =>
        s_default.Encode(source, destination, out charsConsumed, out charsWritten, isFinalBlock);

    public override OperationStatus EncodeUtf8(
        ReadOnlySpan<byte> utf8Source, Span<byte> utf8Destination, out int bytesConsumed, out int bytesWritten, bool isFinalBlock = true) =>
        s_default.EncodeUtf8(utf8Source, utf8Destination, out bytesConsumed, out bytesWritten, isFinalBlock);

    private static void CheckIsWhole(ReadOnlySpan<char> text)
    {
        for (var rest = text; rest.IndexOfAnyInRange('\uD800', '\uDFFF') is var at and >= 0; rest = rest[(at + 2)..])
        {
            if (Rune.DecodeFromUtf16(rest[at..], out _, out _) != OperationStatus.Done)
                throw new ArgumentException("a text holds half of a surrogate pair, which cannot be stored as UTF-8.");
        }
    }
}
