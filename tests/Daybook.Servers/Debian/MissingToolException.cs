namespace Daybook.Servers.Debian;

/// <summary>
/// A program that a test needs is not on this machine and cannot be installed; the message names it and the reason.
/// A test that is marked <c>[SkippableFact(typeof(MissingToolException))]</c> is skipped with it.
/// </summary>
/// <param name="message">Which program is missing, and why it cannot be had.</param>
/// <param name="cause">What failed, if something did.</param>
public sealed class MissingToolException(string message, Exception? cause = null) : Exception(message, cause);
