namespace Daybook.Hosting.Tests;

/// <summary>What a standby rehearses works; a failure would be reported as the book's own.</summary>
public sealed class RehearsalTests
{
    [Fact]
    public async Task Rehearsal_takes_a_book_in_memory_over_and_ends() => await Rehearsal.RunAsync(CancellationToken.None);

    [Fact]
    public async Task Rehearsal_ends_when_the_host_stops() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Rehearsal.RunAsync(new CancellationToken(canceled: true)));
}
