using Bank.Import;

namespace Bank.Tests.Import;

public sealed class ShippedJournalTests
{
    [Fact]
    public async Task The_shipped_journal_has_at_least_two_thousand_transactions_with_ids_of_their_own()
    {
        var file = await JournalFile.ReadAsync(Path.Combine(AppContext.BaseDirectory, "journals", "household-2018-2024.csv"));
        Assert.InRange(file.Entries.Count, 2_000, int.MaxValue);
        Assert.Distinct(file.Entries.Select(entry => entry.Post.Entry));
    }
}
