using Daybook.Reactions;

namespace Daybook.Testing.Compliance;

public abstract partial class ProjectionCompliance
{
    private const string Reaction = "reaction:mail";

    /// <summary>F2: an owner that was overtaken records no progress of a reaction, and does not get its claim back.</summary>
    public async Task F2_an_overtaken_owner_records_no_progress_of_a_reaction()
    {
        if (await OpenSinkAsync() is not ICheckpointSink sink)
            return;
        var progress = sink.Checkpoints(Reaction);
        Expect.Equal(default, await progress.StartAsync(default, new Epoch(1), default));
        await progress.AdvanceAsync(default, new Epoch(1), default, new JournalOffset(3));
        Expect.Equal(new JournalOffset(3), await progress.StartAsync(default, new Epoch(2), default));

        await Expect.FailsAsync(ErrorCode.StaleEpoch, async () => await progress.AdvanceAsync(default, new Epoch(1), new JournalOffset(3), new JournalOffset(4)));
        await Expect.FailsAsync(ErrorCode.StaleEpoch, async () => await progress.StartAsync(default, new Epoch(1), default));
        Expect.Equal(new JournalOffset(3), await progress.StartAsync(default, new Epoch(2), default));
        await progress.AdvanceAsync(default, new Epoch(2), new JournalOffset(3), new JournalOffset(4));
        await progress.FlushAsync();
        Expect.Equal(new JournalOffset(4), await progress.StartAsync(default, new Epoch(3), default));
    }

    /// <summary>Where a reaction starts is remembered: only a partition without progress starts at the offset given.</summary>
    public async Task A_reaction_starts_where_it_is_told_once_and_then_where_it_stood_over_a_restart_too()
    {
        var opened = await OpenSinkAsync();
        if (opened is not ICheckpointSink sink)
            return;
        var progress = sink.Checkpoints(Reaction);
        Expect.Equal(new JournalOffset(7), await progress.StartAsync(default, new Epoch(1), new JournalOffset(7)));
        Expect.Equal(new JournalOffset(7), await progress.StartAsync(default, new Epoch(2), new JournalOffset(9)));
        Expect.Equal(new JournalOffset(5), await progress.StartAsync(new PartitionId(1), new Epoch(1), new JournalOffset(5)));
        if (await RestartAsync(opened) is not ICheckpointSink restarted)
            return;

        var again = restarted.Checkpoints(Reaction);
        Expect.Equal(new JournalOffset(7), await again.StartAsync(default, new Epoch(2), new JournalOffset(11)));
        await again.AdvanceAsync(default, new Epoch(2), new JournalOffset(7), new JournalOffset(8));
        await Expect.FailsAsync(ErrorCode.StaleEpoch, async () => await progress.AdvanceAsync(default, new Epoch(1), new JournalOffset(8), new JournalOffset(9)));
    }

    /// <summary>Reactions and projections of one sink do not see each other.</summary>
    public async Task A_reaction_beside_a_projection_has_progress_of_its_own()
    {
        var (opened, writer, model) = await OpenAsync(0);
        if (opened is not ICheckpointSink sink)
            return;
        Expect.Equal(new JournalOffset(7), await sink.Checkpoints(Reaction).StartAsync(default, new Epoch(9), new JournalOffset(7)));
        Expect.Equal(default, await sink.Checkpoints("reaction:other").StartAsync(default, new Epoch(1), default));
        await writer.ApplyAsync(new ProjectionScript(0).Add(new Added(1, "a")).Batch());
        await writer.CaughtUpAsync(default, new Epoch(1));
        await ExpectAsync(model, "a", 1, 1);
        Expect.Equal(new JournalOffset(7), await sink.Checkpoints(Reaction).StartAsync(default, new Epoch(9), default));
    }
}
