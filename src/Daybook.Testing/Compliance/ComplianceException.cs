namespace Daybook.Testing.Compliance;

/// <summary>A provider broke its contract; the message names the statement and the violation.</summary>
public sealed class ComplianceException(string message) : Exception(message);
