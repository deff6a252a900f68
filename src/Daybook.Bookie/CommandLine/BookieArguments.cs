using System.Globalization;
using System.Net;

namespace Daybook.Bookie.CommandLine;

/// <summary>The command line, checked.</summary>
internal sealed record BookieArguments
{
    /// <summary>How to use the program.</summary>
    public const string Usage = """
        A bookie for development and tests; production runs Apache BookKeeper's.

        daybook-bookie --zk HOST:PORT[,HOST:PORT...][/CHROOT] --data FOLDER --port PORT [options]
        daybook-bookie replicate --zk HOST:PORT[,HOST:PORT...][/CHROOT] --lost BOOKIE [--recover-open] [--ledgers-root PATH]

          --host ADDRESS           address to listen on and to register (default 127.0.0.1)
          --ledgers-root PATH      the cluster's root in ZooKeeper (default /ledgers)
          --format                 create the cluster in ZooKeeper if it does not exist yet
          --no-zk                  without ZooKeeper: no registration, no identity, no garbage collection
          --min-free BYTES         refuse writes with less free space (default 1 GiB or 2 %, the lesser)
          --gc-seconds N           how often to look for deleted ledgers (default 60; 0 for never)
          --log-bytes N            size of a log ledger (default 268435456)
          --max-frame BYTES        longest frame of the protocol (default 5242880)
          --replace-lost-data      start with an empty folder although this bookie once had data; see docs/bookie.md
          --clear-limbo            declare that its ledgers are replicated again
          --help                   this text

        replicate copies the entries of a permanently lost bookie to other bookies, ledger by ledger:

          --lost BOOKIE            the lost bookie, as HOST:PORT; it must not return with its ledgers
          --recover-open           also recover and close ledgers that are open on it, if their writers are gone too
        """;

    public string? ZooKeeper { get; private set; }

    public string Data { get; private set; } = "";

    public int Port { get; private set; }

    public IPAddress Host { get; private set; } = IPAddress.Loopback;

    public string LedgersRoot { get; private set; } = "/ledgers";

    public bool Format { get; private set; }

    public bool WithoutZooKeeper { get; private set; }

    public long? MinFree { get; private set; }

    public TimeSpan GarbageInterval { get; private set; } = TimeSpan.FromSeconds(60);

    public long LogBytes { get; private set; } = 256L * 1024 * 1024;

    public int MaxFrame { get; private set; } = BookKeeper.Wire.Frames.DefaultMaxSize;

    public bool ReplaceLostData { get; private set; }

    public bool ClearLimbo { get; private set; }

    public bool Help { get; private set; }

    /// <exception cref="UsageException">It is invalid.</exception>
    public static BookieArguments Parse(IReadOnlyList<string> args)
    {
        var result = new BookieArguments();
        var words = new Words(args);
        while (words.TryTake(out var word))
            result.Take(word, words);
        return result.Help ? result : result.Checked();
    }

    private void Take(string name, Words rest)
    {
        switch (name)
        {
            case "--zk": ZooKeeper = rest.ValueOf(name); break;
            case "--data": Data = Path.GetFullPath(rest.ValueOf(name)); break;
            case "--port": Port = (int)Number(name, rest, 1, ushort.MaxValue); break;
            case "--host": Host = Address(rest.ValueOf(name)); break;
            case "--ledgers-root": LedgersRoot = rest.RootOf(name); break;
            case "--format": Format = true; break;
            case "--no-zk": WithoutZooKeeper = true; break;
            case "--min-free": MinFree = Number(name, rest, 0, long.MaxValue / 2); break;
            case "--gc-seconds": GarbageInterval = TimeSpan.FromSeconds(Number(name, rest, 0, 86_400)); break;
            case "--log-bytes": LogBytes = Number(name, rest, 1, 1L << 40); break;
            case "--max-frame": MaxFrame = (int)Number(name, rest, 1024, 8 * 1024 * 1024); break;
            case "--replace-lost-data": ReplaceLostData = true; break;
            case "--clear-limbo": ClearLimbo = true; break;
            case "--help" or "-h" or "-?": Help = true; break;
            default: throw new UsageException($"'{name}' is not an option");
        }
    }

    private BookieArguments Checked()
    {
        if (Data.Length == 0)
            throw new UsageException("--data is missing: name the bookie's folder");
        if (Port == 0)
            throw new UsageException("--port is missing");
        if (ZooKeeper is null == !WithoutZooKeeper)
            throw new UsageException(WithoutZooKeeper ? "--no-zk and --zk contradict each other" : "--zk is missing; to start a single bookie without ZooKeeper, use --no-zk");
        if (WithoutZooKeeper && (Format || ReplaceLostData || ClearLimbo))
            throw new UsageException("--format, --replace-lost-data and --clear-limbo need --zk");
        if (ReplaceLostData && ClearLimbo)
            throw new UsageException("--replace-lost-data and --clear-limbo contradict each other");
        return this;
    }

    private static long Number(string name, Words rest, long least, long most)
    {
        var text = rest.ValueOf(name);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException($"{name} needs a number from {least} to {most}, not '{text}'");
    }

    private static IPAddress Address(string text) => text == "localhost"
        ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address : throw new UsageException($"--host needs an address of this machine, not '{text}'");
}
