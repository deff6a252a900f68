using System.Text.Json;
using Bank.CommandLine;
using Bank.Import;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.Tests.Running;

/// <summary>The real application in this process, with its own book and port, without the shipped journal.</summary>
internal sealed class RunningBank : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _app;

    private RunningBank(Action<IServiceCollection>? replace)
    {
        var arguments = BankArguments.Parse(["--data", _folder.Path, "--urls", "http://127.0.0.1:0"]);
        _app = BankServer.Build(arguments, new StartupImportPlan([], TextWriter.Null, IsTerminal: false), replace);
    }

    public Uri Address { get; private set; } = null!;

    public BankClient Client { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public static async Task<RunningBank> StartAsync(Action<IServiceCollection>? replace = null)
    {
        var bank = new RunningBank(replace);
        await bank._app.StartAsync();
        bank.Address = new Uri(bank._app.Urls.Single());
        bank.Client = new BankClient(bank.Address);
        return bank;
    }

    /// <summary>Sends a command with a new key, or with the given one.</summary>
    public Task<Answer> PostAsync(string url, string json, Guid? key = null) => Client.PostAsync(url, json, key);

    public Task<Answer> SendAsync(HttpRequestMessage request) => Client.SendAsync(request);

    public Task<Answer> GetAsync(string url) => Client.GetAsync(url);

    /// <summary>Waits until a read model shows what was written.</summary>
    public Task SeesAsync(string url, Func<JsonElement, bool> condition) =>
        Wait.UntilAsync(async () => condition((await GetAsync(url)).Body), $"what is expected of {url}");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
