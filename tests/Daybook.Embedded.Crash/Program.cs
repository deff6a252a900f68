using System.Globalization;
using Daybook;
using Daybook.Embedded.Crash;
using Daybook.Embedded.Store;
using Daybook.Ledgers;

// With "react" or "drain" after the folder it runs a book whose events are reacted to. Else it
// appends to two new ledgers of the store in the folder given, for ever, and prints each entry once it is acknowledged: "ledger entry".
// Each entry contains its id, so the test that kills this program can check the remaining ones.
if (args.Length > 1)
{
    await ReactingBook.RunAsync(args[0], args[1] == "drain");
    return;
}
var options = new EmbeddedLedgerStoreOptions { SegmentBytes = 1 << 20, MaxEntryBytes = 1 << 16 };
await using var store = await EmbeddedLedgerStore.OpenAsync(args[0], options);
var output = TextWriter.Synchronized(Console.Out);
await Task.WhenAll(AppendAsync(await store.CreateAsync()), AppendAsync(await store.CreateAsync()));

async Task AppendAsync(ILedgerWriter writer)
{
    var inFlight = new Queue<Task<EntryId>>();
    for (var next = 0L; ; next++)
    {
        if (inFlight.Count == 20)
        {
            var acknowledged = await inFlight.Dequeue();
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{writer.Id} {acknowledged}"));
        }
        inFlight.Enqueue(writer.AppendAsync(Entry(writer.Id, next)));
    }
}

static byte[] Entry(LedgerId ledger, long entry)
{
    var bytes = new byte[16 + (entry * 37 % 3000)];
    BitConverter.TryWriteBytes(bytes, ledger.Value);
    BitConverter.TryWriteBytes(bytes.AsSpan(8), entry);
    bytes.AsSpan(16).Fill((byte)entry);
    return bytes;
}
