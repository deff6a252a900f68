namespace Daybook.Servers.Network;

/// <summary>Which way bytes go through a proxy.</summary>
public enum ProxyDirection
{
    /// <summary>From the client to the server: requests.</summary>
    ToServer,

    /// <summary>From the server to the client: replies.</summary>
    ToClient,
}
