using System.Runtime.CompilerServices;

namespace Daybook.Testing.Compliance;

/// <summary>Checks of the suites; what they throw names the expression and the place.</summary>
internal static class Expect
{
    public static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "", [CallerMemberName] string statement = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new ComplianceException($"{statement}: {what} should be {expected} but is {actual}.");
    }

    public static void True(bool holds, [CallerArgumentExpression(nameof(holds))] string what = "", [CallerMemberName] string statement = "")
    {
        if (!holds)
            throw new ComplianceException($"{statement}: {what} does not hold.");
    }

    public static void Bytes(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> actual, [CallerMemberName] string statement = "")
    {
        if (!expected.Span.SequenceEqual(actual.Span))
            throw new ComplianceException($"{statement}: {actual.Length} bytes read differ from the {expected.Length} bytes written.");
    }

    public static async Task FailsAsync(
        ErrorCode code, Func<Task> call, [CallerArgumentExpression(nameof(call))] string what = "", [CallerMemberName] string statement = "")
    {
        try
        {
            await call();
        }
        catch (DaybookException failure) when (failure.Code == code)
        {
            return;
        }
        catch (Exception failure) when (failure is not ComplianceException)
        {
            throw new ComplianceException($"{statement}: {what} should fail with {code} but failed with {failure}.");
        }
        throw new ComplianceException($"{statement}: {what} should fail with {code} but succeeded.");
    }

    /// <summary>Waits for something that must come; a provider that hangs is reported instead of hanging the run.</summary>
    public static async Task<T> SoonAsync<T>(Task<T> task, [CallerArgumentExpression(nameof(task))] string what = "", [CallerMemberName] string statement = "")
    {
        if (await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System)) != task)
            throw new ComplianceException($"{statement}: {what} did not complete within 30 seconds.");
        return await task;
    }
}
