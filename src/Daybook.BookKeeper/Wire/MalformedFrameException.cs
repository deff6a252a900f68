namespace Daybook.BookKeeper.Wire;

/// <summary>Bytes that no peer should send; the connection is closed.</summary>
internal sealed class MalformedFrameException(string message, Exception? inner = null) : Exception(message, inner);
