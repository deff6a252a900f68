namespace Daybook.BookKeeper.Digests;

/// <summary>An entry as a bookie stores it: header, digest, payload. Kept in two parts, so that a payload is never copied before it is sent.</summary>
/// <param name="Head">Header and digest.</param>
/// <param name="Payload">The user's bytes; they must not change while the entry is in flight.</param>
internal readonly record struct PackagedEntry(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The length of both parts in bytes.</summary>
    public int Length => Head.Length + Payload.Length;

    /// <summary>Puts an entry together for sending.</summary>
    public static PackagedEntry Seal(in EntryHeader header, ReadOnlyMemory<byte> payload, EntryDigest digest)
    {
        var head = new byte[EntryHeader.Size + digest.Size];
        Seal(header, payload.Span, digest, head);
        return new PackagedEntry(head, payload);
    }

    /// <summary>Puts header and digest into a buffer that is used again; it has exactly their length.</summary>
    public static void Seal(in EntryHeader header, ReadOnlySpan<byte> payload, EntryDigest digest, Span<byte> head)
    {
        header.Write(head);
        digest.Compute(head[..EntryHeader.Size], payload, head[EntryHeader.Size..]);
    }

    /// <summary>Checks what a bookie gave out for an entry, or for its last one.</summary>
    /// <param name="packaged">The bytes.</param>
    /// <param name="ledger">The ledger that was asked for.</param>
    /// <param name="entry">The entry that was asked for; <see cref="EntryId.None"/> for the bookie's last one.</param>
    /// <param name="digest">The ledger's digest.</param>
    /// <param name="bookie">The bookie that sent it, for the error.</param>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.DigestMismatch"/> for damaged bytes,
    /// <see cref="BookKeeperError.ProtocolViolation"/> for another entry (invariant L17): in both cases the next replica may be
    /// sound.</exception>
    public static OpenedEntry Open(ReadOnlyMemory<byte> packaged, LedgerId ledger, EntryId entry, EntryDigest digest, BookieId bookie)
    {
        var head = EntryHeader.Size + digest.Size;
        if (packaged.Length < head)
            throw new BookKeeperException(BookKeeperError.DigestMismatch, $"{packaged.Length} bytes are shorter than the {head} of a header", ledger, entry, bookie);
        var span = packaged.Span;
        if (!digest.Matches(span[..EntryHeader.Size], span[head..], span[EntryHeader.Size..head]))
            throw new BookKeeperException(BookKeeperError.DigestMismatch, "the digest does not match the bytes", ledger, entry, bookie);
        var header = EntryHeader.Read(span);
        if (header.Ledger != ledger || (entry != EntryId.None && header.Entry != entry) || header.Entry < new EntryId(0)
            || header.Entry.Value == long.MaxValue || header.Length < 0 || header.LastAddConfirmed < EntryId.None)
        {
            var served = $"the bytes are those of ledger {header.Ledger}, entry {header.Entry}";
            throw new BookKeeperException(BookKeeperError.ProtocolViolation, served, ledger, entry, bookie);
        }
        return new OpenedEntry(header, packaged[head..]);
    }
}

/// <summary>An entry whose digest and identity were checked.</summary>
/// <param name="Header">The header from its writer.</param>
/// <param name="Payload">The user's bytes.</param>
internal readonly record struct OpenedEntry(EntryHeader Header, ReadOnlyMemory<byte> Payload);
