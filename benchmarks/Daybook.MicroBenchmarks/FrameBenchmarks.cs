using BenchmarkDotNet.Attributes;
using Daybook.Core.Records;

namespace Daybook.MicroBenchmarks;

/// <summary>A journal entry of 100 records: written and sealed, verified, walked.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks : IDisposable
{
    private const int Records = 100;
    private static readonly byte[] s_body = new byte[64];
    private readonly RecordEncoder _encoder = new();
    private byte[] _entry = [];

    [GlobalSetup]
    public void Setup() => _entry = Written();

    [Benchmark(Baseline = true)]
    public byte[] Written()
    {
        _encoder.Rewind(0);
        var builder = new EntryBuilder(new LedgerId(1), 0, default, _encoder);
        for (var i = 0; i < Records; i++)
        {
            builder.Begin(RecordKind.Events);
            new CommandHeader(new CommandId(Guid.Empty), i, CommandOptions.None, null, 0).Write(builder.Encoder);
            builder.Encoder.WriteVarint(i);
            builder.Encoder.WriteVarint(1);
            var place = EventGroup.Begin(builder.Encoder, "account/alice", i + 1, 1, Location.None);
            builder.Encoder.WriteText("bank.deposited.v1");
            builder.Encoder.WriteInt32(s_body.Length);
            builder.Encoder.WriteRaw(s_body);
            EventGroup.End(builder.Encoder, place);
            builder.Complete();
        }
        builder.Seal(new Epoch(1));
        return builder.Bytes.ToArray();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _encoder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public long Verified() => EntryFrame.Open(_entry, new LedgerId(1), new EntryId(0)).Next.Value;

    [Benchmark]
    public int Walked()
    {
        var cursor = new RecordCursor(_entry);
        var bytes = 0;
        while (cursor.MoveNext())
            bytes += cursor.Body.Length;
        return bytes;
    }
}
