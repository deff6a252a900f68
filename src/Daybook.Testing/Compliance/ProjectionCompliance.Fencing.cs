namespace Daybook.Testing.Compliance;

public abstract partial class ProjectionCompliance
{
    /// <summary>F2: an owner that was overtaken writes nothing.</summary>
    public async Task F2_a_batch_of_an_overtaken_epoch_is_refused_and_has_no_effect()
    {
        var (_, writer, model) = await OpenAsync(0);
        var script = new ProjectionScript(0).Add(new Added(1, "a")).Add(new Added(2, "a"));
        await writer.ApplyAsync(script.Batch(0, 1));
        Expect.Equal(new JournalOffset(1), await writer.StartAsync(default, new Epoch(3)));

        await Expect.FailsAsync(ErrorCode.StaleEpoch, async () => await writer.ApplyAsync(script.Batch(1, 2, epoch: 1)));
        await Expect.FailsAsync(ErrorCode.StaleEpoch, async () => await writer.ApplyAsync(script.Batch(1, 2, epoch: 2)));
        await Expect.FailsAsync(ErrorCode.StaleEpoch, async () => await writer.CaughtUpAsync(default, new Epoch(2)));
        await ExpectAsync(model, "a", 1, 1);
        Expect.Equal(new JournalOffset(1), await writer.StartAsync(default, new Epoch(3)));
    }

    /// <summary>F2: nor does it get its claim back.</summary>
    public async Task F2_a_start_with_an_overtaken_epoch_is_refused()
    {
        var (_, writer, _) = await OpenAsync(0);
        await writer.StartAsync(default, new Epoch(3));
        await Expect.FailsAsync(ErrorCode.StaleEpoch, async () => await writer.StartAsync(default, new Epoch(2)));
        await writer.ApplyAsync(new ProjectionScript(0).Add(new Added(1, "a")).Batch(epoch: 3));
    }

    /// <summary>F2: an epoch that was never claimed may not write, however high.</summary>
    public async Task F2_a_batch_without_a_claim_is_refused()
    {
        var (_, writer, model) = await OpenAsync(0);
        await Expect.FailsAsync(ErrorCode.StaleEpoch, async () => await writer.ApplyAsync(new ProjectionScript(0).Add(new Added(1, "a")).Batch(epoch: 9)));
        await Expect.FailsAsync(ErrorCode.StaleEpoch, async () => await writer.ApplyAsync(new ProjectionScript(1).Add(new Added(1, "a")).Batch()));
        await ExpectNoneAsync(model);
    }

    /// <summary>F2: a claim is for one partition.</summary>
    public async Task F2_a_claim_of_one_partition_leaves_the_others_alone()
    {
        var (_, writer, model) = await OpenAsync(0, 1);
        await writer.StartAsync(default, new Epoch(5));
        await writer.ApplyAsync(new ProjectionScript(1).Add(new Added(1, "a")).Batch());
        await ExpectAsync(model, "a", 1, 1);
    }

    /// <summary>F8: rows, checkpoint and epoch are in one transaction, over a restart too.</summary>
    public async Task F8_rows_checkpoint_and_epoch_are_found_together_after_a_restart()
    {
        var (sink, writer, _) = await OpenAsync(0);
        var script = new ProjectionScript(0).Add(new Added(1, "a")).Add(new Added(2, "a", "b"));
        await writer.StartAsync(default, new Epoch(4));
        await writer.ApplyAsync(script.Batch(epoch: 4));
        if (await RestartAsync(sink) is not { } restarted)
            return;

        var again = restarted.Writer(Code);
        await Expect.FailsAsync(ErrorCode.StaleEpoch, async () => await again.StartAsync(default, new Epoch(3)));
        Expect.Equal(new JournalOffset(2), await again.StartAsync(default, new Epoch(4)));
        await ExpectAsync(restarted.ReadModel(Code), "a", 3, 2);
        await ExpectAsync(restarted.ReadModel(Code), "b", 2, 1);
    }

    /// <summary>F8: a batch may come twice.</summary>
    public async Task F8_a_batch_delivered_again_has_no_second_effect()
    {
        var (_, writer, model) = await OpenAsync(0);
        var script = new ProjectionScript(0).Add(new Added(1, "a")).Add(new Added(2, "a")).Add(new Added(4, "a"));
        await writer.ApplyAsync(script.Batch(0, 2));
        await writer.ApplyAsync(script.Batch(0, 2));
        await writer.ApplyAsync(script.Batch(1, 2));
        Expect.Equal(new JournalOffset(2), await writer.StartAsync(default, new Epoch(1)));
        await writer.ApplyAsync(script.Batch(0, 3));
        await ExpectAsync(model, "a", 7, 3);
    }

    /// <summary>A checkpoint never jumps.</summary>
    public async Task F8_a_batch_behind_the_checkpoint_is_refused_so_that_nothing_is_skipped()
    {
        var (_, writer, model) = await OpenAsync(0);
        var script = new ProjectionScript(0).Add(new Added(1, "a")).Add(new Added(2, "a"));
        await Expect.FailsAsync(ErrorCode.VersionMismatch, async () => await writer.ApplyAsync(script.Batch(1, 2)));
        await ExpectNoneAsync(model);
        await writer.ApplyAsync(script.Batch(0, 2));
        await ExpectAsync(model, "a", 3, 2);
    }

    /// <summary>F8: for any delivery, in any batches and by any owner, the state is the fold of a prefix.</summary>
    public async Task F8_random_pieces_redelivery_and_takeovers_give_the_fold_of_a_prefix()
    {
        var (_, writer, model) = await OpenAsync(0);
        var random = new Random(7);
        var script = new ProjectionScript(0);
        for (var i = 0; i < 200; i++)
            script.Add([.. Enumerable.Range(0, random.Next(3)).Select(_ => new Added(random.Next(1, 9), "k" + random.Next(4)))]);
        long checkpoint = 0, epoch = 1;
        for (var i = 0; i < 150 && checkpoint < 200; i++)
        {
            if (random.Next(10) == 0)
                Expect.Equal(new JournalOffset(checkpoint), await writer.StartAsync(default, new Epoch(++epoch)));
            var batch = script.Batch(random.NextInt64(checkpoint + 1), Math.Min(200, checkpoint + random.Next(12)), epoch);
            await writer.ApplyAsync(batch.Next < batch.First ? batch with { Next = batch.First, Events = [] } : batch);
            checkpoint = Math.Max(checkpoint, batch.Next.Value);
            if (random.Next(5) == 0)
                await Expect.FailsAsync(ErrorCode.StaleEpoch, async () => await writer.ApplyAsync(script.Batch(checkpoint, 200, epoch - 1)));
        }
        var events = script.Batch(0, checkpoint).Events;
        foreach (var key in events.SelectMany(Code.KeysOf).Distinct())
        {
            var mine = events.Where(e => Code.KeysOf(e).Contains(key)).Select(e => ((Added)e.Body).Amount).ToList();
            await ExpectAsync(model, key, mine.Sum(), mine.Count);
        }
    }

    /// <summary>Partitions may meet in one document.</summary>
    public async Task F8_partitions_that_write_the_same_documents_at_once_lose_nothing()
    {
        var (_, writer, model) = await OpenAsync(0, 1, 2, 3);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async partition =>
        {
            var script = new ProjectionScript(partition);
            for (var i = 0; i < 50; i++)
            {
                await Task.Yield();
                script.Add(new Added(1, "shared", "of" + partition));
                await writer.ApplyAsync(script.Batch(i, i + 1));
            }
        }));
        await ExpectAsync(model, "shared", 200, 200);
        await ExpectAsync(model, "of3", 50, 50);
    }

    /// <summary>A new version has documents and checkpoints of its own, and the old one stays until the new one has caught up everywhere.</summary>
    public async Task A_new_version_fills_beside_the_old_one()
    {
        var (sink, old, oldModel) = await OpenAsync(0, 1);
        var script = new ProjectionScript(0).Add(new Added(1, "a"));
        await old.ApplyAsync(script.Batch());
        var (next, model) = (sink.Writer(new CountingProjection2()), sink.ReadModel(new CountingProjection2()));

        Expect.Equal(default, await next.StartAsync(default, new Epoch(1)));
        await ExpectNoneAsync(model);
        await next.ApplyAsync(script.Batch());
        await next.CaughtUpAsync(default, new Epoch(1));

        await ExpectAsync(model, "a", 2, 1);
        await ExpectAsync(oldModel, "a", 1, 1);
        Expect.Equal(new JournalOffset(1), await old.StartAsync(default, new Epoch(1)));
    }
}
