namespace Daybook;

/// <summary>What people read of an exception that user code threw. Its class may be the user's too, so its members may throw.</summary>
internal static class ExceptionText
{
    /// <summary>Its message, or the name of its type when the message cannot be read.</summary>
    internal static string Of(Exception error) => TryRead(error, out var message) ? message : $"{error.GetType()} (its message cannot be read)";

    /// <summary>The exception itself, or null when its message or that of a cause cannot be read: a log would fail on it.</summary>
    internal static Exception? Readable(Exception? error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (!TryRead(cause, out _))
                return null;
        }
        return error;
    }

    private static bool TryRead(Exception error, out string message)
    {
        try
        {
            message = error.Message;
            return true;
        }
        catch (Exception)
        {
            message = "";
            return false;
        }
    }
}
