using System.Globalization;

namespace Daybook.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkArguments
{
    public const string Usage = "usage: SCENARIO [--seconds N] [--json] [--in-flight N] [--accounts N] [--events N] [--partitions N] [--data DIR] [--zookeeper HOST:PORT]"
        + " [--ensemble N] [--write-quorum N] [--ack-quorum N] [--bookies N] [--protocol 2|3] [--entry-bytes N] [--entries N]";

    public required string Scenario { get; init; }

    public double Seconds { get; init; } = 10;

    public bool Json { get; init; }

    /// <summary>Requests in flight; null for the scenario's own series.</summary>
    public int? InFlight { get; init; }

    public int Accounts { get; init; } = 1000;

    /// <summary>How many events a book is filled with; null for the scenario's own number.</summary>
    public long? Events { get; init; }

    public int Partitions { get; init; } = 8;

    /// <summary>Where the book is made; a new folder below the temporary one by default. Deleted afterwards.</summary>
    public string? Data { get; init; }

    /// <summary>The ZooKeeper server to measure on, or that of the bookies; null to start what is needed.</summary>
    public string? ZooKeeper { get; init; }

    /// <summary>Over how many bookies a ledger is striped.</summary>
    public int Ensemble { get; init; } = 1;

    /// <summary>To how many of them each entry is written.</summary>
    public int WriteQuorum { get; init; } = 1;

    /// <summary>How many acknowledge it.</summary>
    public int AckQuorum { get; init; } = 1;

    /// <summary>How many bookies are started; never fewer than the ensemble needs.</summary>
    public int Bookies { get; init; } = 1;

    /// <summary>BookKeeper's protocol: 2 or 3.</summary>
    public int Protocol { get; init; } = 3;

    /// <summary>The size of an entry of a ledger.</summary>
    public int EntryBytes { get; init; } = 1024;

    /// <summary>How many entries the ledger that is read has.</summary>
    public long Entries { get; init; } = 500_000;

    /// <exception cref="ArgumentException">An option is unknown or has no sensible value; the message names it.</exception>
    public static BenchmarkArguments Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || args[0].StartsWith('-'))
            throw new ArgumentException("no scenario given");
        var parsed = new BenchmarkArguments { Scenario = args[0] };
        for (var i = 1; i < args.Count; i++)
        {
            if (args[i] == "--json")
            {
                parsed = parsed with { Json = true };
                continue;
            }
            if (i + 1 == args.Count)
                throw new ArgumentException($"'{args[i]}' needs a value");
            parsed = parsed.With(args[i], args[++i]);
        }
        return parsed;
    }

    private BenchmarkArguments With(string option, string value) => option switch
    {
        "--seconds" => this with { Seconds = Number(option, value) },
        "--in-flight" => this with { InFlight = (int)Number(option, value) },
        "--accounts" => this with { Accounts = (int)Number(option, value) },
        "--events" => this with { Events = (long)Number(option, value) },
        "--partitions" => this with { Partitions = (int)Number(option, value) },
        "--data" => this with { Data = value },
        "--zookeeper" => this with { ZooKeeper = value },
        "--ensemble" => this with { Ensemble = (int)Number(option, value) },
        "--write-quorum" => this with { WriteQuorum = (int)Number(option, value) },
        "--ack-quorum" => this with { AckQuorum = (int)Number(option, value) },
        "--bookies" => this with { Bookies = (int)Number(option, value) },
        "--protocol" => this with { Protocol = value is "2" or "3" ? value[0] - '0' : throw new ArgumentException($"'--protocol' is 2 or 3, not '{value}'") },
        "--entry-bytes" => this with { EntryBytes = (int)Number(option, value) },
        "--entries" => this with { Entries = (long)Number(option, value) },
        _ => throw new ArgumentException($"unknown option '{option}'"),
    };

    private static double Number(string option, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"'{option}' needs a number greater than 0, not '{value}'");
}
