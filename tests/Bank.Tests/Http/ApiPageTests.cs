using System.Text.RegularExpressions;
using Bank.Tests.Running;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.Tests.Http;

/// <summary>The page that documents the API names what the API has.</summary>
public sealed partial class ApiPageTests
{
    private static readonly string s_page = Checkout.Read("docs", "bank-api.md");

    [Fact]
    public async Task Every_endpoint_is_on_the_page()
    {
        await using var bank = await RunningBank.StartAsync();
        var routes = bank.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => Parameter().Replace("/" + endpoint.RoutePattern.RawText!.TrimStart('/'), "")).ToHashSet();
        Assert.Superset(new HashSet<string> { "/accounts", "/accounts/", "/entries", "/entries/", "/stats" }, routes);
        Assert.DoesNotContain(routes, route => !Regex.IsMatch(s_page, $@"{Regex.Escape(route)}{(route.EndsWith('/') ? "[A-Z]" : "[`?]")}"));
    }

    [Fact]
    public void Every_reason_of_a_refusal_is_on_the_page()
    {
        var sources = Directory.EnumerateFiles(Checkout.PathOf("samples", "Bank"), "*.cs", SearchOption.AllDirectories);
        var reasons = sources.SelectMany(file => Reason().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet();
        Assert.InRange(reasons.Count, 8, int.MaxValue);
        Assert.DoesNotContain(reasons, reason => !s_page.Contains($"`{reason}`", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("""Decision\.Reject\(\s*"([a-z-]+)""")]
    private static partial Regex Reason();
}
