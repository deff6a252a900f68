using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Connections;

/// <summary>Turns the one answer to a request into the result of a task.</summary>
internal sealed class ContentRequest<T>(Func<BookieStatus, object?, T> convert) : IContentAnswers
{
    // What awaits it must not run on the thread that reads the connection.
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Result => _result.Task;

    public void Answered(BookieStatus status, object? content) => _result.TrySetResult(convert(status, content));
}
