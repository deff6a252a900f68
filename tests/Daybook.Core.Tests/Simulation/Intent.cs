using Daybook.Core.Modeling;
using Daybook.Core.Partitions.Work;

namespace Daybook.Core.Tests.Simulation;

/// <summary>One thing a client wants done: sent, sent again under the same id, and noted in a history.</summary>
internal abstract class Intent
{
    /// <summary>The partition it goes to.</summary>
    public required PartitionId Coordinator { get; init; }

    public required CommandId Id { get; init; }

    /// <summary>Makes a request for one attempt.</summary>
    public abstract ClientAttempt Try(BookModel model);

    /// <summary>It was done.</summary>
    /// <param name="accepted">False when the handler refused.</param>
    /// <param name="seen">The states it was decided on.</param>
    public abstract void Answered(bool accepted, IReadOnlyList<object?> seen);

    /// <summary>It was not done and never will be.</summary>
    public abstract void Failed();
}

/// <summary>One attempt of an intent.</summary>
internal abstract class ClientAttempt
{
    public abstract WorkItem Work { get; }

    public abstract bool IsAnswered { get; }

    /// <summary>Makes the client hear that its connection was lost.</summary>
    public abstract void Lose();
}

internal sealed class CommandAttempt(WriteWork work) : ClientAttempt
{
    public override WorkItem Work => work;

    public override bool IsAnswered => work.Task.IsCompleted;

    /// <summary>The answer; null for an error after which nothing was written.</summary>
    public Outcome? Outcome
    {
        get
        {
            try
            {
                return work.Task.GetAwaiter().GetResult();
            }
            catch (DaybookException e) when (e.Code is ErrorCode.NotOwner or ErrorCode.Closed or ErrorCode.HandlerFailed)
            {
                return null;
            }
            catch (DaybookException e)
            {
                return new Outcome.InDoubt(work.Id, e.Message);
            }
        }
    }

    public override void Lose() => work.Answer(new Outcome.InDoubt(work.Id, "The connection was lost."));
}

internal sealed class ReadAttempt(ReadWork work) : ClientAttempt
{
    public override WorkItem Work => work;

    public override bool IsAnswered => work.Task.IsCompleted;

    /// <summary>What was read.</summary>
    public bool TryGet(out object? state)
    {
        try
        {
            state = work.Model!.Form.Open(work.Task.GetAwaiter().GetResult().State);
            return true;
        }
        catch (DaybookException)
        {
            state = null;
            return false;
        }
    }

    public override void Lose() => work.Fail(new DaybookException(ErrorCode.Closed, "The connection was lost."));
}
