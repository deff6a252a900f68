using BenchmarkDotNet.Attributes;
using Daybook.Core.Partitions.State;
using Daybook.Core.Records;

namespace Daybook.MicroBenchmarks;

/// <summary>What every command looks up: its stream among 100,000, its id among 250,000.</summary>
[MemoryDiagnoser]
public class IndexBenchmarks
{
    private const int Streams = 100_000;
    private const int Window = 250_000;
    private readonly StreamTable _streams = new();
    private readonly CommandWindow _commands = new(Window);
    private readonly string[] _names = [.. Enumerable.Range(0, Streams).Select(i => $"account/account-{i:D6}")];
    private readonly byte[][] _utf8 = [.. Enumerable.Range(0, Streams).Select(i => System.Text.Encoding.UTF8.GetBytes($"account/account-{i:D6}"))];
    private readonly Random _random = new(1);
    private int _turn;

    [GlobalSetup]
    public void Setup()
    {
        foreach (var name in _names)
            _streams.GetOrAdd(name);
        for (var i = 0; i < Window; i++)
            _commands.Add(NewId(), Location.None);
    }

    [Benchmark(Baseline = true)]
    public object FindStream() => _streams.GetOrAdd(_names[Next()]);

    [Benchmark]
    public object FindStreamByBytes() => _streams.GetOrAdd(_utf8[Next()]);

    [Benchmark]
    public void RememberCommand()
    {
        var id = NewId();
        if (_commands.Find(id) is null)
            _commands.Add(id, Location.None);
    }

    private int Next() => _turn = (_turn + 7919) % Streams;

    private CommandId NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new CommandId(new Guid(bytes));
    }
}
