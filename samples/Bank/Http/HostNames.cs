using Bank.CommandLine;
using Microsoft.Extensions.Primitives;

namespace Bank.Http;

/// <summary>
/// The host names that the bank answers to. Otherwise an attacker's page whose host name resolves to this machine could read and write
/// here through the browser that opened it.
/// </summary>
internal static class HostNames
{
    /// <summary>The configuration key, and environment variable, for additional hosts, separated by semicolons; <c>*</c> allows
    /// all.</summary>
    public const string Key = "AllowedHosts";

    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The names of this machine, of the addresses that it serves on, and the configured ones.</summary>
    /// <param name="urls">Where it serves, separated by semicolons.</param>
    /// <param name="configured">More names, separated by semicolons; may be null.</param>
    public static IReadOnlyList<string> Of(string urls, string? configured) =>
        [.. Loopback.Concat(Parts(urls).Select(HostOf).OfType<string>()).Concat(Parts(configured)).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Refuses requests under other names.</summary>
    public static void UseHostNames(this WebApplication app, BankArguments arguments)
    {
        var names = Of(arguments.Urls, arguments.Hosts ?? app.Configuration[Key]).Select(name => new StringSegment(name)).ToList();
        if (!names.Contains("*"))
            app.Use(next => context => IsServed(context.Request.Host, names) ? next(context) : throw Refusal(context.Request.Host));
    }

    /// <summary>A request that names no host was not made by a browser.</summary>
    private static bool IsServed(HostString host, List<StringSegment> names) =>
        !host.HasValue || (host.Host.Length > 0 && HostString.MatchesAny(host.Host, names));

    private static ApiException Refusal(HostString host) => new(StatusCodes.Status400BadRequest, "Host not served",
        $"The host '{host}' is not served here; name it in --hosts, or as {Key} in the environment.");

    private static string[] Parts(string? text) =>
        (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Null for a wildcard address, which names no host.</summary>
    private static string? HostOf(string url) => BindingAddress.Parse(url).Host switch
    {
        "*" or "+" or "0.0.0.0" or "[::]" or "" => null,
        var host => host,
    };
}
