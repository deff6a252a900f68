using Daybook.Coordination;

namespace Daybook.Core.Journals;

/// <summary>
/// Runs what a takeover asks of a coordinator: waits in line for a lease, and creates, reads, updates and deletes a record. The runtime compiles
/// that code while nothing waits for it. The lease keeps other processes' rehearsals out; neither it nor the record is one of a book.
/// </summary>
internal static class CoordinatorRehearsal
{
    /// <summary>The name of the lease and the key of the record.</summary>
    public const string Name = "rehearsal";

    /// <exception cref="DaybookException">The coordinator refused something.</exception>
    public static async Task RunAsync(ICoordinator coordinator, CancellationToken cancellationToken)
    {
        var held = await coordinator.AcquireAsync(Name, cancellationToken).ConfigureAwait(false);
        var waiting = coordinator.AcquireAsync(Name, cancellationToken).AsTask();
        try
        {
            await WriteAsync(coordinator, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await held.DisposeAsync().ConfigureAwait(false);
            await using var next = await waiting.ConfigureAwait(false);
        }
    }

    /// <summary>A process that was killed in the middle of this has left the record behind.</summary>
    private static async Task WriteAsync(ICoordinator coordinator, CancellationToken cancellationToken)
    {
        var record = await coordinator.ReadAsync(Name, cancellationToken).ConfigureAwait(false)
            ?? await coordinator.CreateAsync(Name, default, cancellationToken).ConfigureAwait(false);
        record = await coordinator.UpdateAsync(Name, record.Value, record.Version, cancellationToken).ConfigureAwait(false);
        await coordinator.DeleteAsync(Name, record.Version, cancellationToken).ConfigureAwait(false);
    }
}
