using Bank.Http;
using Bank.Tests.Running;

namespace Bank.Tests.Http;

public sealed class HostNameTests
{
    [Theory]
    [InlineData("evil.example", 400)]
    [InlineData("127.0.0.1.evil.example", 400)]
    [InlineData("localhost.evil.example:80", 400)]
    [InlineData("0.0.0.0", 400)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:1234", 200)]
    [InlineData("127.0.0.1:80", 200)]
    [InlineData("[::1]:80", 200)]
    public async Task Only_hosts_of_this_machine_are_served(string host, int status)
    {
        await using var bank = await RunningBank.StartAsync();
        foreach (var url in new[] { "/stats", "/balances", "/index.html" })
            Assert.Equal(status, (int)(await GetAsync(bank, url, host)).StatusCode);
    }

    [Fact]
    public async Task The_refusal_names_the_host_and_the_way_to_allow_it()
    {
        await using var bank = await RunningBank.StartAsync();
        var answer = await Answer.OfAsync(await GetAsync(bank, "/stats", "evil.example"));
        Assert.Equal("The host 'evil.example' is not served here; name it in --hosts, or as AllowedHosts in the environment.", answer.Problem(400));
    }

    [Fact]
    public async Task A_command_under_a_strange_host_changes_nothing()
    {
        await using var bank = await RunningBank.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/accounts")
        {
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() }, { "Host", "evil.example" } },
            Content = new StringContent("""{"account":"mallory","currencies":["EUR"]}""", null, "application/json"),
        };
        Assert.Equal(400, (await bank.SendAsync(request)).Status);
        Assert.Equal(404, (await bank.GetAsync("/accounts/mallory")).Status);
    }

    [Theory]
    [InlineData("http://localhost:5080", null, "localhost 127.0.0.1 [::1]")]
    [InlineData("http://*:80;https://+:443", null, "localhost 127.0.0.1 [::1]")]
    [InlineData("http://0.0.0.0:80;http://[::]:80", "bank.example; *.example.org", "localhost 127.0.0.1 [::1] bank.example *.example.org")]
    [InlineData("http://10.1.2.3:80;http://bank:80", null, "localhost 127.0.0.1 [::1] 10.1.2.3 bank")]
    public void The_names_are_those_of_the_addresses_and_the_configured_ones(string urls, string? configured, string names) =>
        Assert.Equal(names.Split(' '), HostNames.Of(urls, configured));

    private static async Task<HttpResponseMessage> GetAsync(RunningBank bank, string url, string host) =>
        await bank.Client.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "Host", host } } });
}
