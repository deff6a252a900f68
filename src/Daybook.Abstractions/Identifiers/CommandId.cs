namespace Daybook;

/// <summary>
/// The identity of one intention of a client. Sent twice it has one effect and one outcome (invariant J5), as long as it is within the
/// command window (<c>DaybookOptions.CommandWindow</c>).
/// </summary>
/// <param name="Value">Any unique value; time-ordered ones (version 7) are kindest to caches. The empty one is refused.</param>
public readonly record struct CommandId(Guid Value)
{
    /// <summary>True for the default value, which names no command.</summary>
    public bool IsEmpty => Value == Guid.Empty;

    /// <summary>
    /// The id of the command that an incoming message stands for: the same message gives the same command, however often and to whichever node it is
    /// delivered, so it has one effect as long as it comes within the command window. A UUID of version 8 from a SHA-256 over both texts.
    /// </summary>
    /// <param name="source">The source of the message id, such as a queue or a partner; ids of two sources never collide.</param>
    /// <param name="messageId">The sender's id of the message; compared as it stands.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: one of them is empty.</exception>
    public static CommandId From(string source, string messageId)
    {
        if (string.IsNullOrEmpty(source) || string.IsNullOrEmpty(messageId))
            throw new DaybookException(ErrorCode.InvalidArgument, "A command id is made from a source and a message id; neither may be empty.");
        return new CommandId(NameBasedId.Of("daybook.message", source, messageId));
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}
