namespace Daybook.Bookie.CommandLine;

/// <summary>The command line is invalid; the message names the argument.</summary>
internal sealed class UsageException(string message) : Exception(message);
