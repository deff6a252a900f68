using System.Security.Cryptography;
using System.Text;

namespace Daybook.Postgres.Schema;

/// <summary>Names in the database. The server cuts those beyond <see cref="MaxBytes"/> without an error, so two long ones may become one.</summary>
internal static class Identifier
{
    /// <summary>The longest name that the server keeps whole, in bytes of UTF-8.</summary>
    internal const int MaxBytes = 63;

    private const int HashDigits = 12;

    /// <summary>The name as statements need it: it keeps its case, and may be a reserved word.</summary>
    internal static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    internal static bool IsTooLong(string name) => Encoding.UTF8.GetByteCount(name) > MaxBytes;

    /// <summary>The name itself where the server keeps it whole; else its beginning and a hash of all of it.</summary>
    internal static string Fitted(string name)
    {
        if (!IsTooLong(name))
            return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashDigits];
        return $"{Cut(name, MaxBytes - HashDigits - 1)}_{hash}";
    }

    /// <summary>As much of the beginning of a name as takes no more than a number of bytes; what the server makes of a long name.</summary>
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
