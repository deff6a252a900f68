using System.Reflection;

namespace Daybook.Testing.Compliance;

/// <summary>
/// Statements that every provider of a contract must keep: the public parameterless methods of a suite that return a task. A test class derives from the suite,
/// defines how to open the provider, and runs each statement on a fresh instance through <see cref="RunAsync"/>.
/// </summary>
public abstract class ComplianceSuite
{
    /// <summary>The names of the statements of a suite, to enumerate them in a theory.</summary>
    /// <typeparam name="TSuite">The suite, not the class derived from it.</typeparam>
    public static IReadOnlyList<string> StatementsOf<TSuite>()
        where TSuite : ComplianceSuite =>
        [.. typeof(TSuite).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType == typeof(Task) && method.GetParameters().Length == 0)
            .Select(method => method.Name)
            .Order(StringComparer.Ordinal)];

    /// <summary>Runs one statement.</summary>
    /// <exception cref="ComplianceException">The provider broke it.</exception>
    protected Task RunAsync(string statement)
    {
        var method = GetType().GetMethod(statement, BindingFlags.Public | BindingFlags.Instance, Type.EmptyTypes)
            ?? throw new ArgumentException($"{GetType().Name} has no statement '{statement}'.", nameof(statement));
        return (Task)method.Invoke(this, BindingFlags.DoNotWrapExceptions, null, null, null)!;
    }
}
