namespace Daybook.Servers.Postgres;

/// <summary>How a server is started.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>Whether commits reach the device, as they must where the server is killed. Default false: quicker tests.</summary>
    public bool Fsync { get; init; }

    /// <summary>More settings, as in <c>postgresql.conf</c>; they win over those of this class.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    internal IEnumerable<string> Arguments(int port, string data)
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
            ["fsync"] = Fsync ? "on" : "off",
            ["full_page_writes"] = Fsync ? "on" : "off",
            ["max_connections"] = "100",
            ["shared_buffers"] = "128MB",
            ["log_min_messages"] = "warning",
        };
        foreach (var (name, value) in Settings)
            settings[name] = value;
        return ["-D", data, .. settings.SelectMany(s => (string[])["-c", $"{s.Key}={s.Value}"])];
    }
}
