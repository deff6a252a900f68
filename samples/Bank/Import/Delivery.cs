using Daybook;

namespace Bank.Import;

/// <summary>Sends commands until their outcome is known: a retry with the same id is safe and has no second effect.</summary>
public sealed class Delivery(IDaybook book, TimeProvider time)
{
    private const int MaxAttempts = 12;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Sends, and sends again while the answer is in doubt or the book is unavailable: for about half a minute.</summary>
    /// <exception cref="DaybookException">The command was refused as malformed, or the book stayed unavailable.</exception>
    public async ValueTask<Outcome> SendAsync<TCommand>(TCommand command, CommandId id, CancellationToken cancellationToken = default)
        where TCommand : notnull
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var outcome = await book.SendAsync(command, id, null, cancellationToken);
                if (outcome is not Outcome.InDoubt || attempt == MaxAttempts)
                    return outcome;
            }
            catch (DaybookException e) when (e.IsTransient && attempt < MaxAttempts)
            {
            }
            await Task.Delay(Pause(attempt), time, cancellationToken);
        }
    }

    private static TimeSpan Pause(int attempt)
    {
        var pause = TimeSpan.FromMilliseconds(20 * Math.Pow(2, attempt - 1));
        return pause < LongestPause ? pause : LongestPause;
    }
}
