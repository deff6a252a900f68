using Daybook.Core.Modeling;
using Daybook.Core.Partitions.Work;
using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Serializability;

namespace Daybook.Core.Tests.Simulation;

/// <summary>A transaction on lists: looks at each, appends to some. One that appends nothing may be a plain read or be refused.</summary>
internal sealed class ListIntent(Touch command, bool isPlainRead, PendingOperation<ListTransaction, ListTransaction> pending) : Intent
{
    public override ClientAttempt Try(BookModel model) => isPlainRead
        ? new ReadAttempt(new ReadWork(model.Aggregate(typeof(Listing)).StreamOf(command.Keys[0]), model.Aggregate(typeof(Listing))))
        : new CommandAttempt(new CommandWork<Touch>(model.Command<Touch>(), command, Id, CommandOptions.None, null));

    /// <summary>The call as a history has it.</summary>
    public static ListTransaction CallOf(Touch command) =>
        new(command.Keys.Select(ListOperation.Read).Concat(AppendsOf(command)));

    public override void Answered(bool accepted, IReadOnlyList<object?> seen) => pending.Ok(new ListTransaction(
        command.Keys.Select((key, i) => ListOperation.Read(key, (seen[i] as Listing)?.Values ?? [])).Concat(AppendsOf(command))));

    public override void Failed() => pending.Fail();

    private static IEnumerable<ListOperation> AppendsOf(Touch command) =>
        command.Keys.Zip(command.Appends).Where(x => x.Second is not null).Select(x => ListOperation.Append(x.First, x.Second!.Value));
}
