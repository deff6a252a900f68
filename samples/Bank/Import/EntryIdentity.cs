using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bank.Amounts;
using Bank.Entries;

namespace Bank.Import;

/// <summary>
/// Derives the identity of a transaction from its content, so that importing a file again, or a longer one that contains it, changes
/// nothing. Neither the file's name nor its row numbers and ids take part: bean-query's depend on the path of the source file, and
/// hledger's on the preceding transactions. Equal transactions of one file are distinguished by counting them.
/// </summary>
internal sealed class EntryIdentity
{
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);

    /// <summary>The identity of the next transaction of the file.</summary>
    public JournalEntryId Next(DateOnly date, string description, IEnumerable<Posting> postings)
    {
        var text = Canonical(date, description, postings);
        var ordinal = _seen[text] = _seen.GetValueOrDefault(text) + 1;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{ordinal}\n{text}")));
        return new JournalEntryId(new Guid(hash.AsSpan(0, 16), bigEndian: true));
    }

    private static string Canonical(DateOnly date, string description, IEnumerable<Posting> postings)
    {
        var lines = postings.Select(posting => $"{posting.Account}\t{Shortest(posting.Amount)}\t{posting.Currency}").Order(StringComparer.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"{date:yyyy-MM-dd}\n{description}\n") + string.Join('\n', lines);
    }

    private static string Shortest(decimal amount)
    {
        var text = ExactDecimal.Text(amount);
        if (text.Contains('.', StringComparison.Ordinal))
            text = text.TrimEnd('0').TrimEnd('.');
        return text == "-0" ? "0" : text;
    }
}
