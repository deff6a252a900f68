using BenchmarkDotNet.Attributes;

namespace Daybook.MicroBenchmarks;

/// <summary>The checksum on every entry, beside a plain copy of the same bytes.</summary>
public class CrcBenchmarks
{
    private readonly byte[] _source = new byte[64 * 1024];
    private readonly byte[] _target = new byte[64 * 1024];

    [Params(256, 64 * 1024)]
    public int Bytes { get; set; }

    [Benchmark(Baseline = true)]
    public void Copy() => _source.AsSpan(0, Bytes).CopyTo(_target);

    [Benchmark]
    public uint Checksum() => Crc32C.Compute(_source.AsSpan(0, Bytes));
}
