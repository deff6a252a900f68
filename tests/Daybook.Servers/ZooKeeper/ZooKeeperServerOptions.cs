namespace Daybook.Servers.ZooKeeper;

/// <summary>How a ZooKeeper server of a test is set up. Container and TTL nodes, read-only mode and all four letter words are on.</summary>
public sealed record ZooKeeperServerOptions
{
    /// <summary>The unit of the server's time: sessions expire in steps of it. 200 ms by default, so that sessions may last from 0.4 s.</summary>
    public TimeSpan TickTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The shortest session timeout that the server agrees to; two ticks by default.</summary>
    public TimeSpan? MinSessionTimeout { get; init; }

    /// <summary>The longest session timeout that the server agrees to; a minute by default.</summary>
    public TimeSpan MaxSessionTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often container and TTL nodes are looked at; every half second by default.</summary>
    public TimeSpan ContainerCheckInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The password of the digest user <c>super</c>, which has all permissions.</summary>
    public string SuperPassword { get; init; } = "super-secret";

    /// <summary>The largest frame in bytes; the server's own default of 0xfffff where not given.</summary>
    public int? MaxBuffer { get; init; }

    /// <summary>Whether there is a port for TLS as well; the server then runs on Netty, and starts slower. Off by default.</summary>
    public bool Tls { get; init; }

    /// <summary>Names and passwords for SASL DIGEST-MD5; SASL is off while there are none.</summary>
    public IReadOnlyDictionary<string, string> SaslUsers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether every client must have authenticated by SASL; off by default.</summary>
    public bool RequireSasl { get; init; }

    /// <summary>Whether the JVM compiles code in full, for measurements; off by default, for a quick start and little memory.</summary>
    public bool FullSpeed { get; init; }

    /// <summary>Settings added to the server's configuration file.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Java system properties added to the command line.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
