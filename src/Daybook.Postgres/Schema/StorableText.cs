using System.Buffers;
using System.Text;

namespace Daybook.Postgres.Schema;

/// <summary>What PostgreSQL text cannot store: U+0000, and UTF-16 that is not valid Unicode.</summary>
internal static class StorableText
{
    /// <summary>Why a text cannot be stored; null when it can.</summary>
    internal static string? Problem(string text) =>
        text.Contains('\0') ? "holds U+0000" : HoldsHalfSurrogate(text) ? "holds half a surrogate pair" : null;

    /// <summary>A text for display, with unstorable characters replaced.</summary>
    internal static string? Cleaned(string? text)
    {
        if (text is null || Problem(text) is null)
            return text;
        var cleaned = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            cleaned.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        return cleaned.ToString();
    }

    internal static bool HoldsHalfSurrogate(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0; at = text.IndexOfAnyInRange('\uD800', '\uDFFF'))
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out var used) != OperationStatus.Done)
                return true;
            text = text[(at + used)..];
        }
        return false;
    }
}
