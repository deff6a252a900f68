namespace Daybook.Bookie.CommandLine;

/// <summary>A command line that cannot be followed; the message names the argument.</summary>
internal sealed class UsageException(string message) : Exception(message);
