using Daybook.Ledgers;
using Daybook.Memory;
using Daybook.Testing.Compliance;

namespace Daybook.Core.Tests.Memory;

public sealed class MemoryLedgerStoreTests : LedgerStoreCompliance
{
    public static TheoryData<string> Statements => [.. StatementsOf<LedgerStoreCompliance>()];

    [Theory, MemberData(nameof(Statements))]
    public Task Holds(string statement) => RunAsync(statement);

    protected override ValueTask<ILedgerStore> OpenStoreAsync() => ValueTask.FromResult<ILedgerStore>(new MemoryLedgerStore { MaxEntryBytes = 1 << 20 });
}
