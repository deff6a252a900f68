using System.Net.Security;
using Daybook.ZooKeeper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daybook.BookKeeper;

/// <summary>How to reach a BookKeeper cluster and how its client behaves.</summary>
/// <param name="ZooKeeper">Where the cluster's ZooKeeper is.</param>
public sealed record BookKeeperOptions(ZooKeeperOptions ZooKeeper)
{
    /// <summary>Where the ledgers' metadata are in ZooKeeper. Default <c>/ledgers</c>.</summary>
    public string LedgersRoot { get; init; } = "/ledgers";

    /// <summary>Which protocol connections for adds and reads speak. Default v3.</summary>
    public BookieProtocol Protocol { get; init; } = BookieProtocol.V3;

    /// <summary>How to encrypt connections to bookies that take START_TLS, v3 only; null for plain TCP. Default null.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>The largest frame in bytes, both ways; the bookies' <c>nettyMaxFrameSizeBytes</c>. Default 5 MiB.</summary>
    public int MaxFrameBytes { get; init; } = 5 * 1024 * 1024;

    /// <summary>How long to try to connect to a bookie. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After so long without an answer an add has failed on that bookie. Default 5 s.</summary>
    public TimeSpan AddTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After so long without an answer a read has failed on that bookie. Default 5 s.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After so long without an answer a read is also sent to the next bookie. Default 2 s.</summary>
    public TimeSpan SpeculativeReadAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one long poll of a tailing reader waits on a bookie. Default 1 s.</summary>
    public TimeSpan LongPollTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after the last add its writer sends the LAC explicitly, so that tailing readers see the end of a burst; zero for never. Default 100 ms.</summary>
    public TimeSpan ExplicitLacAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The most bytes that wait for one bookie, sent or not; beyond that it counts as failed for further adds. Default 256 MiB.</summary>
    public long MaxPendingBytesPerBookie { get; init; } = 256L * 1024 * 1024;

    /// <summary>The most entries that a writer has in flight; further ones wait in the writer. Default 5,000.</summary>
    public int MaxPendingAdds { get; init; } = 5000;

    /// <summary>The most bytes that a writer has in flight (but always one entry); further ones wait in the writer. Default 64 MiB.</summary>
    public long MaxPendingAddBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How long a bookie that failed a write is not chosen as long as others are there. Default 30 s.</summary>
    public TimeSpan AvoidFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to try to reach ZooKeeper before an operation on metadata fails. Default 30 s.</summary>
    public TimeSpan MetadataTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Chooses the bookies of ledgers; null spreads at random.</summary>
    public IEnsemblePlacement? Placement { get; init; }

    /// <summary>The clock; another one is for tests.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes up creation tokens, spreads reads and pauses; another one is for tests.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Where to log.</summary>
    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.IncorrectParameter"/>, naming the option and its bounds.</exception>
    internal void Validate()
    {
        var (moment, hour) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        Given(nameof(ZooKeeper), ZooKeeper);
        Given(nameof(LedgersRoot), LedgersRoot);
        Given(nameof(Time), Time);
        Given(nameof(Random), Random);
        Given(nameof(Logging), Logging);
        if (!LedgersRoot.StartsWith('/') || LedgersRoot.Length < 2 || LedgersRoot.EndsWith('/') || LedgersRoot.Contains("//", StringComparison.Ordinal))
            throw Bad(nameof(LedgersRoot), LedgersRoot, "an absolute path without a slash at its end");
        Within(nameof(MaxFrameBytes), MaxFrameBytes, 1024, 1 << 30);
        Within(nameof(ConnectTimeout), ConnectTimeout, moment, hour);
        Within(nameof(AddTimeout), AddTimeout, moment, hour);
        Within(nameof(ReadTimeout), ReadTimeout, moment, hour);
        Within(nameof(SpeculativeReadAfter), SpeculativeReadAfter, TimeSpan.FromMilliseconds(1), hour);
        Within(nameof(LongPollTimeout), LongPollTimeout, moment, hour);
        Within(nameof(ExplicitLacAfter), ExplicitLacAfter, TimeSpan.Zero, hour);
        Within(nameof(MaxPendingBytesPerBookie), MaxPendingBytesPerBookie, 2L * MaxFrameBytes, 1L << 40);
        Within(nameof(MaxPendingAdds), MaxPendingAdds, 1, 1_000_000);
        Within(nameof(MaxPendingAddBytes), MaxPendingAddBytes, 1, 1L << 40);
        Within(nameof(AvoidFor), AvoidFor, TimeSpan.Zero, TimeSpan.FromDays(1));
        if (!Enum.IsDefined(Protocol))
            throw Bad(nameof(Protocol), Protocol, $"{BookieProtocol.V2} or {BookieProtocol.V3}");
        if (Tls is not null && Protocol != BookieProtocol.V3)
            throw Bad(nameof(Protocol), Protocol, $"{BookieProtocol.V3} when {nameof(Tls)} is set, as only v3 encrypts");
    }

    private static void Given(string option, object? value)
    {
        if (value is null)
            throw Bad(option, "null", "given");
    }

    private static void Within<T>(string option, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw Bad(option, value, $"from {least} to {most}");
    }

    private static BookKeeperException Bad(string option, object value, string must) => new(
        BookKeeperError.IncorrectParameter, FormattableString.Invariant($"the option {nameof(BookKeeperOptions)}.{option} is {value}; it must be {must}"));
}

/// <summary>The protocols of bookies.</summary>
public enum BookieProtocol
{
    /// <summary>Packed binary: less work a message, and batch reads. Explicit LACs, long polls and the like go over a second connection that speaks v3.</summary>
    V2 = 2,

    /// <summary>Protobuf: everything over one connection.</summary>
    V3 = 3,
}
