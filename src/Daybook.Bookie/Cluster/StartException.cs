namespace Daybook.Bookie.Cluster;

/// <summary>The bookie cannot start safely; the message names the remedy.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
