using Daybook.Coordination;

namespace Daybook.Core.Tests.Journals;

/// <summary>A coordinator that lets a test act, or fail, just before or after it changes a record.</summary>
internal sealed class InterruptedCoordinator(ICoordinator inner) : ICoordinator
{
    private int _updates;

    /// <summary>Called with the number of updates so far, including this one.</summary>
    public Func<int, Task> BeforeUpdate { get; set; } = _ => Task.CompletedTask;

    public Func<int, Task> AfterUpdate { get; set; } = _ => Task.CompletedTask;

    public ValueTask<CoordinationRecord?> ReadAsync(string key, CancellationToken cancellationToken = default) => inner.ReadAsync(key, cancellationToken);

    public Func<Task> AfterCreate { get; set; } = () => Task.CompletedTask;

    public async ValueTask<CoordinationRecord> CreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default)
    {
        var created = await inner.CreateAsync(key, value, cancellationToken);
        await AfterCreate();
        return created;
    }

    public async ValueTask<CoordinationRecord> UpdateAsync(
        string key, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken = default)
    {
        var number = Interlocked.Increment(ref _updates);
        await BeforeUpdate(number);
        var updated = await inner.UpdateAsync(key, value, expectedVersion, cancellationToken);
        await AfterUpdate(number);
        return updated;
    }

    public ValueTask DeleteAsync(string key, long expectedVersion, CancellationToken cancellationToken = default) =>
        inner.DeleteAsync(key, expectedVersion, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        inner.ListAsync(prefix, cancellationToken);

    public ValueTask<ILease> AcquireAsync(string name, CancellationToken cancellationToken = default) => inner.AcquireAsync(name, cancellationToken);
}
