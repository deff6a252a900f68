using System.Buffers;
using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;
using Daybook.Core.Serialization;

namespace Daybook.MicroBenchmarks;

[JsonSerializable(typeof(CodecBenchmarks.Sample))]
internal sealed partial class CodecJson : JsonSerializerContext;

/// <summary>A small event written and read by the default codec, with a source-generated context and without.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private readonly JsonEventSerializer _reflected = new();
    private readonly JsonEventSerializer _generated = new(CodecJson.Default);
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly Sample _event = new("Assets:Checking", 1234.56m, "EUR");
    private byte[] _body = [];

    public sealed record Sample(string Account, decimal Amount, string Currency);

    [GlobalSetup]
    public void Setup()
    {
        _generated.Serialize(_event, _buffer);
        _body = _buffer.WrittenSpan.ToArray();
    }

    [Benchmark(Baseline = true)]
    public void WriteReflected()
    {
        _buffer.ResetWrittenCount();
        _reflected.Serialize(_event, _buffer);
    }

    [Benchmark]
    public void WriteGenerated()
    {
        _buffer.ResetWrittenCount();
        _generated.Serialize(_event, _buffer);
    }

    [Benchmark]
    public object ReadGenerated() => _generated.Deserialize(typeof(Sample), _body);
}
