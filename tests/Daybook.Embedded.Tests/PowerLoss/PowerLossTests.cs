namespace Daybook.Embedded.Tests.PowerLoss;

/// <summary>
/// A whole book on a disk that loses what was not flushed: commands, transactions, snapshots, recovery points, new ledgers and truncation, through
/// hundreds of power losses at random operations. Every acknowledged event is there once, no other is there twice.
/// </summary>
public sealed class PowerLossTests
{
    private const int Losses = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task S1_whole_book_keeps_what_it_acknowledged_through_power_losses(int seed)
    {
        var run = new PowerLossRun(seed);
        for (var loss = 0; loss < Losses; loss++)
            await run.LiveAsync();
        await run.ExpectAllAsync();
    }

    [Fact]
    public async Task Disk_that_only_pretends_to_flush_is_found_out()
    {
        var lost = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            var run = new PowerLossRun(1, lies: true);
            for (var loss = 0; loss < Losses; loss++)
                await run.LiveAsync();
            await run.ExpectAllAsync();
        });
        Assert.True(lost is Xunit.Sdk.XunitException or DaybookException { Code: ErrorCode.Corrupted or ErrorCode.NoSuchLedger }, lost.ToString());
    }
}
