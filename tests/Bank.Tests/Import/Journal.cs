using System.Text;
using Bank.Import;

namespace Bank.Tests.Import;

/// <summary>Reads journals from text.</summary>
internal static class Journal
{
    public const string HledgerHeader =
        "\"txnidx\",\"date\",\"date2\",\"status\",\"code\",\"description\",\"comment\",\"account\",\"amount\",\"commodity\","
        + "\"credit\",\"debit\",\"posting-status\",\"posting-comment\"\n";

    public const string BeancountHeader = "id,date,flag,payee,narration,account,number,currency\n";

    public static Task<JournalFile> ReadAsync(string text) =>
        JournalFile.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), "f.csv");

    /// <summary>Rows of bean-query: id, account, number, currency.</summary>
    public static Task<JournalFile> BeancountAsync(params string[] rows) => ReadAsync(BeancountText(rows));

    /// <summary>The text of a file with such rows.</summary>
    public static string BeancountText(params string[] rows) => BeancountHeader + string.Concat(rows.Select(row =>
    {
        var cells = row.Split(' ');
        return $"{cells[0]},2024-02-29,*,Payee   ,Narration , {cells[1]}  ,  {cells[2]},{cells[3]}  \n";
    }));

    /// <summary>Rows of hledger: txnidx, account, amount, commodity.</summary>
    public static Task<JournalFile> HledgerAsync(params string[] rows) => ReadAsync(HledgerText(rows));

    /// <summary>The text of a file with such rows.</summary>
    public static string HledgerText(params string[] rows) => HledgerHeader + string.Concat(rows.Select(row =>
    {
        var cells = row.Split(' ');
        return $"\"{cells[0]}\",\"2024-02-29\",\"\",\"*\",\"\",\"Some text\",\"\",\"{cells[1]}\",\"{cells[2]}\",\"{cells[3]}\",\"\",\"\",\"\",\"\"\n";
    }));
}
