using System.Security.Cryptography;
using System.Text;

namespace Daybook.Postgres.Schema;

/// <summary>Names in the database. The server silently truncates names beyond <see cref="MaxBytes"/>, so two long names may become
/// one.</summary>
internal static class Identifier
{
    /// <summary>The longest name that the server keeps whole, in UTF-8 bytes.</summary>
    internal const int MaxBytes = 63;

    private const int HashDigits = 12;

    /// <summary>The name quoted for statements: it keeps its case, and may be a reserved word.</summary>
    internal static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    internal static bool IsTooLong(string name) => Encoding.UTF8.GetByteCount(name) > MaxBytes;

    /// <summary>The name itself if the server keeps it whole; otherwise its beginning and a hash of the whole name.</summary>
    internal static string Fitted(string name)
    {
        if (!IsTooLong(name))
            return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashDigits];
        return $"{Cut(name, MaxBytes - HashDigits - 1)}_{hash}";
    }

    /// <summary>The longest beginning of a name within a number of bytes, as the server truncates a long name.</summary>
    internal static string Cut(string name, int bytes = MaxBytes)
    {
        var taken = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
                break;
            taken.Append(rune.ToString());
        }
        return taken.ToString();
    }
}
