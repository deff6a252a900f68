using Xunit.Abstractions;

namespace Bank.Tests.Crashes;

/// <summary>On ledgers in a folder: more than fifty kills.</summary>
public sealed class CrashTests(ITestOutputHelper output) : BankCrashes(output)
{
    protected override int ImportKills => 20;

    protected override int TransferKills => 35;
}
