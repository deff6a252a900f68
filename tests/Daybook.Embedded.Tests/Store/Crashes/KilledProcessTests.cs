using System.Diagnostics;
using System.Globalization;
using Daybook.Embedded.Store;

namespace Daybook.Embedded.Tests.Store.Crashes;

public sealed class KilledProcessTests
{
    [Fact]
    public async Task S1_after_kill_9_every_acknowledged_entry_is_readable()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(20);
        for (var round = 0; round < 4; round++)
        {
            var acknowledged = await AppendUntilKilledAsync(folder["ledgers"], random.Next(1, 2000));
            await using var store = await EmbeddedLedgerStore.OpenAsync(folder["ledgers"]);
            Assert.NotEmpty(acknowledged);
            foreach (var (ledger, last) in acknowledged)
                await CheckAsync(store, ledger, last);
        }
    }

    /// <returns>The last acknowledged entry of each ledger.</returns>
    private static async Task<Dictionary<LedgerId, long>> AppendUntilKilledAsync(string folder, int acknowledgements)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Daybook.Embedded.Crash.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, folder]) { RedirectStandardOutput = true })!;
        var acknowledged = new Dictionary<LedgerId, long>();
        var lines = 0;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            if (words.Length == 2 && long.TryParse(words[1], CultureInfo.InvariantCulture, out var entry))
                acknowledged[new LedgerId(long.Parse(words[0], CultureInfo.InvariantCulture))] = entry;
            if (++lines == acknowledgements)
                process.Kill();
        }
        await process.WaitForExitAsync();
        return acknowledged;
    }

    private static async Task CheckAsync(EmbeddedLedgerStore store, LedgerId ledger, long acknowledged)
    {
        var reader = await store.RecoverAsync(ledger);
        // The last line may have been cut by the kill, so it can name a lower entry than was acknowledged, never a higher one.
        Assert.True(reader.LastAddConfirmed.Value >= acknowledged, $"ledger {ledger} ends at {reader.LastAddConfirmed}, {acknowledged} was acknowledged");
        var next = 0L;
        await foreach (var entry in reader.ReadAsync(new EntryId(0), reader.LastAddConfirmed))
        {
            Assert.Equal(ledger.Value, BitConverter.ToInt64(entry.Data.Span));
            Assert.Equal(next, BitConverter.ToInt64(entry.Data.Span[8..]));
            Assert.Equal(16 + (next * 37 % 3000), entry.Data.Length);
            Assert.Equal(-1, entry.Data.Span[16..].IndexOfAnyExcept((byte)next));
            next++;
        }
        Assert.Equal(reader.LastAddConfirmed.Value + 1, next);
    }
}
