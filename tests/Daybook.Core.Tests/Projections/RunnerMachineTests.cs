using Daybook.Projections;

namespace Daybook.Core.Tests.Projections;

public sealed class RunnerMachineTests
{
    private static readonly ProjectionId Tally = new("tally", 1);
    private static readonly ProjectionOptions Options = new() { FirstRetryDelay = TimeSpan.FromSeconds(1), MaxRetryDelay = TimeSpan.FromSeconds(5) };

    private readonly RunnerMachine _machine = new(Tally, default, Options);

    [Fact]
    public void Pauses_double_up_to_the_longest_and_jitter_takes_off_up_to_half()
    {
        double Pause(double jitter) => _machine.On(new RunnerInput.Failed(new IOException(), jitter)).Pause.TotalSeconds;

        Assert.Equal([1, 2, 4, 5, 5], [Pause(1), Pause(1), Pause(1), Pause(1), Pause(1)]);
        Assert.Equal(2.5, Pause(0));
    }

    [Fact]
    public void A_success_resets_the_pauses_but_a_start_alone_does_not()
    {
        _machine.On(new RunnerInput.Failed(new IOException(), 1));
        _machine.On(new RunnerInput.Paused());
        _machine.On(new RunnerInput.Started(default, new JournalOffset(4)));
        Assert.Equal(ProjectionState.Retrying, _machine.State);
        _machine.On(new RunnerInput.BatchRead(new JournalOffset(2), new JournalOffset(4), null));
        Assert.Equal(TimeSpan.FromSeconds(2), _machine.On(new RunnerInput.Failed(new IOException(), 1)).Pause);

        _machine.On(new RunnerInput.Started(default, new JournalOffset(4)));
        _machine.On(new RunnerInput.BatchRead(new JournalOffset(2), new JournalOffset(4), null));
        _machine.On(new RunnerInput.Applied());

        Assert.Equal((ProjectionState.CatchingUp, null, 0), (_machine.State, _machine.Error, _machine.FailedAttempts));
        Assert.Equal(TimeSpan.FromSeconds(1), _machine.On(new RunnerInput.Failed(new IOException(), 1)).Pause);
    }

    [Fact]
    public void It_has_caught_up_when_a_read_reached_the_head_of_its_time()
    {
        _machine.On(new RunnerInput.Started(default, new JournalOffset(4)));
        _machine.On(new RunnerInput.BatchRead(new JournalOffset(3), new JournalOffset(4), null));
        Assert.Equal(RunnerAct.Read, _machine.On(new RunnerInput.Applied()).Act);
        _machine.On(new RunnerInput.BatchRead(new JournalOffset(6), new JournalOffset(6), null));
        Assert.Equal(RunnerAct.TellCaughtUp, _machine.On(new RunnerInput.Applied()).Act);
        Assert.Equal(new RunnerStep(RunnerAct.Read, new JournalOffset(6)), _machine.On(new RunnerInput.CaughtUpTold()));
        Assert.Equal(ProjectionState.Running, _machine.State);
    }

    [Fact]
    public void Poison_outside_the_batch_parks_rather_than_move_the_checkpoint_past_it()
    {
        _machine.On(new RunnerInput.Started(default, new JournalOffset(4)));
        _machine.On(new RunnerInput.BatchRead(new JournalOffset(3), new JournalOffset(4), null));

        Assert.Equal(new RunnerStep(RunnerAct.Park, default), _machine.On(new RunnerInput.Failed(PoisonAt(3), 0)));
    }

    [Fact]
    public void J8_after_any_number_of_failures_no_event_is_passed_unapplied()
    {
        for (var seed = 0; seed < 2000; seed++)
            RandomRun(new Random(seed));
    }

    // The sink applies each range unless a poison record is in it; the run checks that a poison record is never inside an applied range.
    private static void RandomRun(Random random)
    {
        var machine = new RunnerMachine(Tally, default, Options);
        const long head = 30;
        var poison = Enumerable.Range(0, (int)head).Where(_ => random.Next(8) == 0).Select(i => (long)i).ToHashSet();
        long checkpoint = 0, read = 0;
        var step = RunnerMachine.First;
        for (var i = 0; i < 500 && !(step.Act == RunnerAct.Read && step.Offset.Value == head); i++)
        {
            if (step.Act != RunnerAct.Pause && step.Act != RunnerAct.Park && random.Next(6) == 0)
            {
                step = machine.On(new RunnerInput.Failed(new IOException(), random.NextDouble()));
                continue;
            }
            switch (step.Act)
            {
                case RunnerAct.Start:
                    step = machine.On(new RunnerInput.Started(new JournalOffset(checkpoint), new JournalOffset(head)));
                    break;
                case RunnerAct.Read:
                    Assert.Equal(checkpoint, step.Offset.Value);
                    read = Math.Min(head, checkpoint + random.Next(1, 12));
                    var undecodable = random.Next(2) == 0 ? First(checkpoint, read) : null;
                    step = machine.On(new RunnerInput.BatchRead(new JournalOffset(read), new JournalOffset(head), undecodable is { } u ? PoisonAt(u) : null));
                    break;
                case RunnerAct.Apply:
                    Assert.InRange(step.Offset.Value, checkpoint + 1, read);
                    if (First(checkpoint, step.Offset.Value) is { } bad)
                    {
                        step = machine.On(new RunnerInput.Failed(PoisonAt(bad), 0));
                        break;
                    }
                    checkpoint = step.Offset.Value;
                    step = machine.On(new RunnerInput.Applied());
                    break;
                case RunnerAct.TellCaughtUp:
                    step = machine.On(new RunnerInput.CaughtUpTold());
                    break;
                case RunnerAct.Pause:
                    step = machine.On(new RunnerInput.Paused());
                    break;
                case RunnerAct.Park:
                    Assert.Equal(checkpoint, machine.ParkedAt!.Position.Offset.Value);
                    Assert.Contains(checkpoint, poison);
                    poison.Remove(checkpoint);
                    step = machine.On(new RunnerInput.Resumed(true));
                    break;
            }
        }
        Assert.Equal(head, checkpoint);

        long? First(long from, long to)
        {
            var bad = poison.Where(p => p >= from && p < to).ToList();
            return bad.Count == 0 ? null : random.Next(2) == 0 ? bad.Min() : bad[random.Next(bad.Count)];
        }
    }

    private static PoisonEventException PoisonAt(long offset)
    {
        var metadata = new EventMetadata { CommandId = default, Time = default };
        var position = new Position(default, new JournalOffset(offset));
        return new PoisonEventException("tally", new RecordedEvent(new StreamId("s"), new StreamVersion(offset + 1), position, "t", default, metadata), new IOException());
    }
}
