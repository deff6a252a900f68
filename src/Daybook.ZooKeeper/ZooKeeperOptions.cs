using System.Net.Security;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daybook.ZooKeeper;

/// <summary>How to reach ZooKeeper and how the session behaves.</summary>
/// <param name="ConnectString"><c>host1:2181,host2:2181/chroot</c>; the hosts are tried in a random order.</param>
public sealed record ZooKeeperOptions(string ConnectString)
{
    /// <summary>
    /// The session timeout that the client asks the server for; the server moves it into its own bounds, and what was negotiated drives all
    /// timers. Default 10 s. The server ends the session of a dead client between this time and one <c>tickTime</c> later, counted from the
    /// client's last heartbeat. Its leases pass on then.
    /// </summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time limit for the first connection. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether a server that has lost its quorum may serve reads meanwhile. Default no.</summary>
    public bool AllowReadOnly { get; init; }

    /// <summary>How to encrypt, for a server's <c>secureClientPort</c>; null for plain TCP.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>The credentials to authenticate with, before anything else is sent and again after each reconnect.</summary>
    public IReadOnlyList<ZooKeeperCredentials> Credentials { get; init; } = [];

    /// <summary>The most requests in flight; further ones wait. Default 1,000.</summary>
    public int MaxOutstanding { get; init; } = 1000;

    /// <summary>
    /// The largest frame sent, in bytes; the server's <c>jute.maxbuffer</c>. One that comes may have 1 KiB more, as data that just fit a write are
    /// read with their state. Default 0xfffff, as there.
    /// </summary>
    public int MaxFrameBytes { get; init; } = 0xfffff;

    /// <summary>The clock; another one is for tests.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Shuffles hosts and pauses; another one is for tests.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Where to log.</summary>
    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    internal int MaxReplyBytes => MaxFrameBytes + 1024;

    internal void Validate()
    {
        Given(nameof(ConnectString), ConnectString);
        Given(nameof(Credentials), Credentials);
        Given(nameof(Time), Time);
        Given(nameof(Random), Random);
        Given(nameof(Logging), Logging);
        if (Credentials.Any(credentials => credentials is null or { Scheme: null or "" }))
            throw ZooKeeperException.BadArgument($"An element of the option {nameof(ZooKeeperOptions)}.{nameof(Credentials)} is null or has no scheme.");
        Within(nameof(SessionTimeout), SessionTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        Within(nameof(ConnectTimeout), ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        Within(nameof(MaxOutstanding), MaxOutstanding, 1, 1_000_000);
        Within(nameof(MaxFrameBytes), MaxFrameBytes, 1024, 1 << 30);
    }

    private static void Given(string option, object? value)
    {
        if (value is null)
            throw ZooKeeperException.BadArgument($"The option {nameof(ZooKeeperOptions)}.{option} is null.");
    }

    private static void Within<T>(string option, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw ZooKeeperException.BadArgument($"The option {nameof(ZooKeeperOptions)}.{option} is {value}; it must be from {least} to {most}.");
    }
}

/// <summary>Credentials of a scheme.</summary>
/// <param name="Scheme">For example <c>digest</c>.</param>
/// <param name="Value">For <c>digest</c>, <c>user:password</c> in UTF-8.</param>
public sealed record ZooKeeperCredentials(string Scheme, ReadOnlyMemory<byte> Value)
{
    /// <summary>A user and password for the scheme <c>digest</c>.</summary>
    public static ZooKeeperCredentials Digest(string user, string password) =>
        new("digest", System.Text.Encoding.UTF8.GetBytes($"{user}:{password}"));
}
