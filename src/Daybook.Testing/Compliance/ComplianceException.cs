namespace Daybook.Testing.Compliance;

/// <summary>A provider broke its contract; the message says which statement and how.</summary>
public sealed class ComplianceException(string message) : Exception(message);
