using Daybook.BookKeeper.Wire.Proto;

namespace Daybook.BookKeeper.Wire.V3;

/// <summary>The packet header of every v3 message.</summary>
/// <param name="Operation">What is asked or answered.</param>
/// <param name="Transaction">Chosen by the client, brought back by the answer; with the operation it names the request.</param>
/// <param name="IsHighPriority">Ahead of ordinary requests.</param>
/// <param name="Version">3; bookies refuse another.</param>
internal readonly record struct V3Header(OperationType Operation, ulong Transaction, bool IsHighPriority = false, int Version = 3)
{
    public const int HighPriority = 100;

    public int Size => ProtoWriter.SizeOfNumber(1, Version) + ProtoWriter.SizeOfNumber(2, (long)Operation)
        + ProtoWriter.SizeOfNumber(3, (long)Transaction) + (IsHighPriority ? ProtoWriter.SizeOfNumber(4, HighPriority) : 0);

    public void Write(ref ProtoWriter writer)
    {
        writer.Length(1, Size);
        writer.Number(1, Version);
        writer.Number(2, (long)Operation);
        writer.Number(3, (long)Transaction);
        if (IsHighPriority)
            writer.Number(4, HighPriority);
    }

    public static V3Header Read(ReadOnlyMemory<byte> message)
    {
        var reader = new ProtoReader(message);
        (long? version, long? operation, long? transaction, var priority) = (default(long?), default(long?), default(long?), 0L);
        for (var field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case 1: version = reader.Number(); break;
                case 2: operation = reader.Number(); break;
                case 3: transaction = reader.Number(); break;
                case 4: priority = reader.Number(); break;
                default: reader.Skip(); break;
            }
        }
        return version is { } v && operation is { } o && transaction is { } t
            ? new V3Header((OperationType)o, (ulong)t, priority > 0, (int)v)
            : throw new MalformedFrameException("A packet header lacks version, operation or transaction.");
    }
}
