using Daybook.Core.Modeling;
using Daybook.Core.Partitions.Work;
using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Linearizability;

namespace Daybook.Core.Tests.Simulation;

/// <summary>
/// Money moved between tills, or looked at. In a history it is one call to each till, all with the same beginning and end: a system that is
/// strictly serializable is linearizable on each till at least.
/// </summary>
internal sealed class TillIntent(Shift command, IReadOnlyList<PendingOperation<AccountCall, AccountReturn>> pending) : Intent
{
    public override ClientAttempt Try(BookModel model) =>
        new CommandAttempt(new CommandWork<Shift>(model.Command<Shift>(), command, Id, CommandOptions.None, null));

    /// <summary>What all tills held when all were looked at; null before, or when only some were.</summary>
    public int? Total { get; private set; }

    public override void Answered(bool accepted, IReadOnlyList<object?> seen)
    {
        var amounts = seen.Select(state => (state as Till)?.Amount ?? 0).ToArray();
        if (command.By.All(by => by == 0))
            Total = amounts.Sum();
        for (var i = 0; i < amounts.Length; i++)
        {
            // Of a refused move only the till that lacked the money was asked a question that its own model can answer.
            if (accepted)
                pending[i].Ok(new AccountReturn(true, amounts[i] + command.By[i]));
            else if (amounts[i] + command.By[i] < 0)
                pending[i].Ok(new AccountReturn(false, amounts[i]));
            else
                pending[i].Fail();
        }
    }

    public override void Failed()
    {
        foreach (var open in pending)
            open.Fail();
    }
}
