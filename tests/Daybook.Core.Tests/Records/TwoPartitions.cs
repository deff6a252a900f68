using System.Reflection;
using Daybook.Core.RecoveryPoints;
using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;
using Daybook.Core.Tests.Engine;
using Daybook.Core.Transactions;

namespace Daybook.Core.Tests.Records;

/// <summary>Two partitions driven by hand, one turn for each piece of work, so that the entries they write are the same every time.</summary>
internal sealed class TwoPartitions
{
    public static readonly Epoch Epoch = new(7);
    private static readonly DateTime s_start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly Queue<(int Partition, WorkItem Work)> _mail = [];
    private readonly List<byte[]>[] _entries = [[], []];
    private readonly PartitionMachine[] _machines;
    private readonly BookModel _model;
    private int _turns;

    public TwoPartitions()
    {
        var builder = new BookModelBuilder();
        foreach (var handler in typeof(WalletHandlers).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            builder.AddHandler(handler);
        _model = builder.Build();
        _machines = [Machine(0), Machine(1)];
    }

    public IReadOnlyList<byte[]> Entries(int partition) => _entries[partition];

    public Outcome Send<T>(T command, int id, CommandOptions? options = null, string? traceParent = null)
        where T : notnull => Run(Post(command, id, options, traceParent));

    public Outcome Append(string stream, ExpectedVersion expected, int id, params EventData[] events)
    {
        var target = new Target(new StreamId(stream), null!, false);
        var work = new AppendWork(target, expected, Decision.EmitAll(events.Cast<object>()), CommandFingerprint.Of(target.Stream, events), Id(id), CommandOptions.None, null);
        _mail.Enqueue((PartitionOf(work), work));
        return Run(work);
    }

    public WriteWork Post<T>(T command, int id, CommandOptions? options = null, string? traceParent = null)
        where T : notnull
    {
        var work = new CommandWork<T>(_model.Command<T>(), command, Id(id), options ?? CommandOptions.None, traceParent);
        _mail.Enqueue((PartitionOf(work), work));
        return work;
    }

    /// <summary>Goes on until everything is done.</summary>
    public Outcome Run(WriteWork work)
    {
        while (_mail.Count > 0)
            Turn();
        return work.Task.GetAwaiter().GetResult();
    }

    /// <summary>Goes on until a transaction is decided and not yet resolved, and all that was written is durable.</summary>
    public void RunUntilDecided()
    {
        while (_machines[0].State.Prepared.Count == 0 || _machines[1].State.Decided.Count == 0 || _machines.Any(m => m.Batches.InFlight > 0))
            Turn();
    }

    public (IReadOnlyList<byte[]> Entries, JournalOffset Offset) RecoveryPoint(int partition, LedgerId ledger)
    {
        var machine = _machines[partition];
        var entries = new List<byte[]>();
        using var capture = new RecoveryPointCapture(machine.State, machine.Batches.Open.Entry.Next, ledger);
        while (capture.Next(streams: 10, Epoch) is { } entry)
        {
            using (entry)
                entries.Add(entry.Bytes.ToArray());
        }
        return (entries, capture.Offset);
    }

    public static CommandId Id(int number) => new(new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]));

    private static int PartitionOf(WriteWork work) => new PartitionMap(2).Of(work.First.Stream).Value;

    private PartitionMachine Machine(int partition)
    {
        var context = new PartitionContext(new PartitionId(partition), new PartitionMap(2), Epoch, new LedgerId(partition + 1), default, false);
        var limits = new PartitionLimits { SnapshotEvery = 3 };
        return new PartitionMachine(context, new PartitionState(1000), _model, limits, new Effects(this, partition));
    }

    private void Turn()
    {
        var (partition, work) = _mail.Dequeue();
        var machine = _machines[partition];
        machine.BeginTurn(s_start.AddSeconds(_turns++).Ticks);
        machine.Take(work);
        machine.EndTurn();
    }

    private sealed class Effects(TwoPartitions pair, int partition) : IPartitionEffects
    {
        public void Append(Batch batch)
        {
            pair._entries[partition].Add(batch.Entry.Bytes.ToArray());
            pair._mail.Enqueue((partition, new EntryDurable()));
        }

        public void Send(TransactionMessage message) => pair._mail.Enqueue((message.To.Value, message));

        public void Load(StreamHead head, AggregateModel model) => throw new InvalidOperationException("All states are cached.");

        public bool IsSurelyOwner => true;

        public void Answer(List<KeyValuePair<WriteWork, Outcome>> answers)
        {
            foreach (var (work, outcome) in answers)
                work.Answer(outcome);
        }

        public void AnswerFromRecord(WriteWork work, Location record) => throw new InvalidOperationException("No command comes twice.");

        public void Advanced(JournalOffset head)
        {
        }

        public void EnterHandler(WriteWork? work)
        {
        }

        public void LeaveHandler()
        {
        }
    }
}
