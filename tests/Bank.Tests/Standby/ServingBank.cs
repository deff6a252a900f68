using System.Net;
using System.Net.Sockets;
using Bank.Tests.Running;
using Daybook.Servers.Processes;

namespace Bank.Tests.Standby;

/// <summary>A serving bank in a separate process that handles signals; it imports nothing.</summary>
internal sealed class ServingBank : IAsyncDisposable
{
    private ServingBank(ServerProcess process, Uri address) => (Process, Client) = (process, new BankClient(address));

    public ServerProcess Process { get; }

    public BankClient Client { get; }

    /// <summary>Starts a bank and waits until its port is open.</summary>
    public static async Task<ServingBank> StartAsync(TemporaryFolder folder, params string[] storage)
    {
        var nothing = folder.Write("empty.csv", "id,date,flag,payee,narration,account,number,currency\n");
        var process = ServerProcess.Start("dotnet",
            ["exec", Path.Combine(AppContext.BaseDirectory, "Bank.dll"), "import", nothing, "--urls", "http://127.0.0.1:0", .. storage], folder.Path);
        var line = await process.ReadLineAsync("Serving on ").WaitAsync(TimeSpan.FromMinutes(1));
        return new ServingBank(process, new Uri(line["Serving on ".Length..].Split(' ', ',')[0]));
    }

    /// <summary>The status and the text of an answer.</summary>
    public async Task<(HttpStatusCode Status, string Text)> GetAsync(string url)
    {
        using var response = await Client.Http.GetAsync(url);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task ReadyAsync() => Wait.UntilAsync(
        async () => (await GetAsync("/health/ready")).Status == HttpStatusCode.OK, "the bank was ready", TimeSpan.FromMinutes(2));

    public Task<Answer> OpenAsync(string account) => Client.PostAsync("/accounts", $$"""{"account":"{{account}}","currencies":["EUR"]}""");

    /// <summary>Asserts that the process is up, names why it is not ready, serves the page and read models, and refuses writes with the reason.</summary>
    public async Task ExpectStandbyAsync(string reason, bool hasReadModels = true)
    {
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/health/live")).Status);
        var ready = await GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Contains(reason, ready.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/")).Status);
        if (hasReadModels)
            Assert.Equal(HttpStatusCode.OK, (await GetAsync("/balances")).Status);
        var refused = await OpenAsync("refused");
        Assert.Contains("not owned here", refused.Problem(503), StringComparison.Ordinal);
        Assert.Equal("NotOwner", refused.Text("code"));
        await Wait.UntilAsync(() => Process.OutputTail.Contains("stands by", StringComparison.Ordinal), "the log named the standby");
        Assert.Single(Process.OutputTail.Split('\n'), line => line.Contains("stands by", StringComparison.Ordinal));
    }

    /// <summary>SIGTERM; asserts that the process ends by itself, without an error.</summary>
    public async Task TerminateAsync()
    {
        Process.Terminate();
        Assert.Equal(0, await Process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.DoesNotContain("Unhandled", Process.OutputTail, StringComparison.Ordinal);
    }

    /// <summary>A port of this machine on which nothing listens.</summary>
    public static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
    }
}
