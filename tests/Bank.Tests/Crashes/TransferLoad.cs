using System.Collections.Concurrent;
using System.Text;
using Bank.Tests.Running;

namespace Bank.Tests.Crashes;

/// <summary>A transfer that was sent, and the bank's answer.</summary>
/// <param name="Key">Its command id.</param>
/// <param name="From">Taken from.</param>
/// <param name="To">Given to.</param>
/// <param name="Amount">So much.</param>
/// <param name="Answer">The text of the answer; null when none came.</param>
internal sealed record SentTransfer(Guid Key, int From, int To, int Amount, string? Answer)
{
    public bool IsAcknowledged => Answer is not null;
}

/// <summary>Clients that send transfers between a few accounts until the bank is gone.</summary>
internal sealed class TransferLoad(int seed)
{
    public const int Accounts = 8;
    private const int Clients = 12;

    private readonly ConcurrentBag<SentTransfer> _sent = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _reached = new();
    private int _acknowledged;
    private int _wanted;

    public IReadOnlyCollection<SentTransfer> Sent => _sent;

    public static string NameOf(int account) => $"account-{account}";

    /// <summary>Sends until the connection breaks.</summary>
    public Task RunAsync(Uri address, int round) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(client => ClientAsync(address, new Random(HashCode.Combine(seed, round, client)))));

    /// <summary>Waits until the given number of further transfers are acknowledged, or the clients have stopped.</summary>
    public Task AcknowledgedAsync(int more, Task running)
    {
        lock (_lock)
        {
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _wanted = _acknowledged + more;
            if (more == 0)
                _reached.SetResult();
            return Task.WhenAny(_reached.Task, running);
        }
    }

    private async Task ClientAsync(Uri address, Random random)
    {
        using var http = new HttpClient { BaseAddress = address };
        for (var goesOn = true; goesOn;)
        {
            var from = random.Next(Accounts);
            var to = (from + 1 + random.Next(Accounts - 1)) % Accounts;
            var (key, amount) = (Guid.NewGuid(), random.Next(1, 4));
            var answer = await SendAsync(http, key, from, to, amount);
            _sent.Add(new SentTransfer(key, from, to, amount, answer));
            if (answer is not null)
                Acknowledged();
            goesOn = answer is not null;
        }
    }

    private void Acknowledged()
    {
        lock (_lock)
        {
            if (++_acknowledged >= _wanted)
                _reached.TrySetResult();
        }
    }

    /// <summary>Sends one transfer.</summary>
    /// <returns>The answer; null when the connection broke.</returns>
    public static async Task<string?> SendAsync(HttpClient http, Guid key, int from, int to, int amount)
    {
        var json = $$"""{"from":"{{NameOf(from)}}","to":"{{NameOf(to)}}","currency":"EUR","amount":{{amount}}}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/transfers") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key.ToString());
        try
        {
            using var response = await http.SendAsync(request);
            var answer = await Answer.OfAsync(response);
            return answer.Status is 200 or 422 ? answer.Text("outcome") : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }
}
