namespace Daybook.Core.Modeling;

/// <summary>Refuses text that UTF-8 cannot hold: stored, two such texts would become one.</summary>
internal static class WellFormed
{
    /// <param name="text">The text.</param>
    /// <param name="what">Its name in the error.</param>
    /// <exception cref="DaybookException">It holds half a surrogate pair (<see cref="ErrorCode.InvalidArgument"/>).</exception>
    public static void Check(string text, string what)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++))
                throw new DaybookException(ErrorCode.InvalidArgument, $"{what} holds the half character U+{(int)text[i - 1]:X4}.");
        }
    }
}
