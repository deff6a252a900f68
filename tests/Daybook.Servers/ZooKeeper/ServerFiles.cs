using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Daybook.Servers.ZooKeeper;

/// <summary>What a server is started with: its configuration file, the files beside it, and its command line.</summary>
internal sealed class ServerFiles(ZooKeeperServerOptions options, TemporaryFolder folder, ServerCertificate? certificate)
{
    /// <summary>Writes the files and returns the arguments of the JVM.</summary>
    /// <param name="clientPort">Where clients connect.</param>
    /// <param name="securePort">Where clients connect by TLS, if they can.</param>
    /// <param name="id">The number of this server in its ensemble; 0 if it stands alone.</param>
    /// <param name="members">The lines of the servers of its ensemble.</param>
    internal IReadOnlyList<string> Write(int clientPort, int? securePort, int id, IReadOnlyDictionary<string, string> members)
    {
        var data = Directory.CreateDirectory(folder["data"]).FullName;
        if (id > 0)
            File.WriteAllText(Path.Combine(data, "myid"), Number(id));
        var lines = Settings(data, clientPort, securePort).Concat(members).Concat(options.Settings).Select(s => $"{s.Key}={s.Value}");
        var configuration = folder.Write("zoo.cfg", string.Join('\n', lines) + "\n");
        return
        [
            .. Java.Arguments(options.FullSpeed, "warn"),
            .. Properties().Concat(options.Properties).Select(p => Java.Property(p.Key, p.Value)),
            "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration,
        ];
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private Dictionary<string, string> Settings(string data, int clientPort, int? securePort)
    {
        var settings = new Dictionary<string, string>
        {
            ["dataDir"] = data,
            ["clientPort"] = Number(clientPort),
            ["clientPortAddress"] = "127.0.0.1",
            ["tickTime"] = Number(options.TickTime.TotalMilliseconds),
            ["maxSessionTimeout"] = Number(options.MaxSessionTimeout.TotalMilliseconds),
            ["maxClientCnxns"] = "0",
            ["initLimit"] = "50",
            ["syncLimit"] = "25",
            ["4lw.commands.whitelist"] = "*",
            ["admin.enableServer"] = "false",
        };
        if (options.MinSessionTimeout is { } shortest)
            settings["minSessionTimeout"] = Number(shortest.TotalMilliseconds);
        if (securePort is { } port)
            (settings["secureClientPort"], settings["secureClientPortAddress"]) = (Number(port), "127.0.0.1");
        return settings;
    }

    private Dictionary<string, string> Properties()
    {
        var properties = new Dictionary<string, string>
        {
            ["zookeeper.extendedTypesEnabled"] = "true",
            ["readonlymode.enabled"] = "true",
            ["znode.container.checkIntervalMs"] = Number(options.ContainerCheckInterval.TotalMilliseconds),
            ["zookeeper.DigestAuthenticationProvider.superDigest"] = "super:" + Digest("super", options.SuperPassword),
        };
        if (options.MaxBuffer is { } bytes)
            properties["jute.maxbuffer"] = Number(bytes);
        if (certificate is not null)
            AddTls(properties, certificate);
        if (options.SaslUsers.Count > 0)
            AddSasl(properties);
        return properties;
    }

    private void AddTls(Dictionary<string, string> properties, ServerCertificate made)
    {
        properties["zookeeper.serverCnxnFactory"] = "org.apache.zookeeper.server.NettyServerCnxnFactory";
        properties["zookeeper.ssl.keyStore.location"] = folder.Write("server.pem", made.KeyStorePem);
        properties["zookeeper.ssl.keyStore.type"] = "PEM";
        properties["zookeeper.ssl.trustStore.location"] = folder.Write("authority.pem", made.AuthorityPem);
        properties["zookeeper.ssl.trustStore.type"] = "PEM";
        properties["zookeeper.ssl.clientAuth"] = "none";
    }

    private void AddSasl(Dictionary<string, string> properties)
    {
        var users = string.Join("\n  ", options.SaslUsers.Select(user => $"user_{user.Key}=\"{user.Value}\""));
        properties["java.security.auth.login.config"] = folder.Write(
            "jaas.conf", $"Server {{\n  org.apache.zookeeper.server.auth.DigestLoginModule required\n  {users};\n}};\n");
        properties["zookeeper.authProvider.1"] = "org.apache.zookeeper.server.auth.SASLAuthenticationProvider";
        if (options.RequireSasl)
            properties["zookeeper.sessionRequireClientSASLAuth"] = "true";
    }

    // SHA-1 is what the server's digest scheme is made of; it guards nothing here.
#pragma warning disable CA5350
    private static string Digest(string user, string password) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes($"{user}:{password}")));
#pragma warning restore CA5350
}
