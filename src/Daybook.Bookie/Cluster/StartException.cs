namespace Daybook.Bookie.Cluster;

/// <summary>The bookie must not start like this; the message says what to do.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
