namespace Daybook.Embedded.Tests.Store.Crashes;

/// <summary>What was found in a store contradicts what it had promised.</summary>
public sealed class ModelViolationException(string message) : Exception(message)
{
    public static void Require(bool holds, string message)
    {
        if (!holds)
            throw new ModelViolationException(message);
    }
}
