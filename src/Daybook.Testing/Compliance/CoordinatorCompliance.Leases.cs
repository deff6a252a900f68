namespace Daybook.Testing.Compliance;

public abstract partial class CoordinatorCompliance
{
    /// <summary>One holder at a time; the next one waits.</summary>
    public async Task Lease_has_one_holder_and_the_next_waits_for_it()
    {
        var coordinator = await OpenCoordinatorAsync();
        var first = await coordinator.AcquireAsync("partitions/1");
        Expect.Equal("partitions/1", first.Name);
        Expect.True(first.IsValid && !first.Lost.IsCancellationRequested);
        var waiting = coordinator.AcquireAsync("partitions/1").AsTask();
        await using var other = await Expect.SoonAsync(coordinator.AcquireAsync("partitions/2").AsTask());
        Expect.True(!waiting.IsCompleted);
        await first.DisposeAsync();
        Expect.True(!first.IsValid && first.Lost.IsCancellationRequested);
        await using var second = await Expect.SoonAsync(waiting);
        Expect.True(second.IsValid);
        Expect.True(second.Epoch > first.Epoch);
    }

    /// <summary>F6.</summary>
    public async Task F6_second_disposal_does_not_take_the_lease_from_the_next_holder()
    {
        var coordinator = await OpenCoordinatorAsync();
        var first = await coordinator.AcquireAsync("p");
        await first.DisposeAsync();
        await using var second = await coordinator.AcquireAsync("p");
        await first.DisposeAsync();
        var third = coordinator.AcquireAsync("p").AsTask();
        Expect.True(second.IsValid && !third.IsCompleted);
        await second.DisposeAsync();
        await (await Expect.SoonAsync(third)).DisposeAsync();
    }

    /// <summary>A wait in the queue can be cancelled and does not block those behind it.</summary>
    public async Task Waiting_for_a_lease_can_be_cancelled()
    {
        var coordinator = await OpenCoordinatorAsync();
        var first = await coordinator.AcquireAsync("p");
        using var stop = new CancellationTokenSource();
        var givingUp = coordinator.AcquireAsync("p", stop.Token).AsTask();
        var next = coordinator.AcquireAsync("p").AsTask();
        await stop.CancelAsync();
        var cancelled = await givingUp.ContinueWith(
            done => done.IsCanceled, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        Expect.True(cancelled);
        await first.DisposeAsync();
        await using var second = await Expect.SoonAsync(next);
        Expect.True(second.Epoch > first.Epoch);
    }

    /// <summary>F3.</summary>
    public async Task F3_epochs_strictly_increase_over_holders_and_restarts()
    {
        var coordinator = await OpenCoordinatorAsync();
        var last = new Epoch(0);
        for (var i = 0; i < 5; i++)
        {
            await using var lease = await coordinator.AcquireAsync("p");
            Expect.True(lease.Epoch > last);
            last = lease.Epoch;
        }
        var abandoned = await coordinator.AcquireAsync("p");
        if (await RestartAsync(coordinator) is not { } restarted)
            return;
        await using var after = await Expect.SoonAsync(restarted.AcquireAsync("p").AsTask());
        Expect.True(after.Epoch > abandoned.Epoch);
    }
}
