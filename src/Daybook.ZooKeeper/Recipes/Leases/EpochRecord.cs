using System.Globalization;
using System.Text;

namespace Daybook.ZooKeeper.Recipes;

/// <summary>The last epoch given out for a lease, and to which attempt. Text, as in <c>1 42 0f8fad5bd9cb469fa16570867728950e</c>: format, epoch, attempt.</summary>
internal readonly record struct EpochRecord(Epoch Epoch, Guid Attempt)
{
    private const string Format = "1";

    public byte[] Written => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Format} {Epoch.Value} {Attempt:n}"));

    /// <exception cref="DaybookException"><see cref="ErrorCode.Corrupted"/> or <see cref="ErrorCode.NewerFormat"/>, naming the node.</exception>
    public static EpochRecord Read(string path, ReadOnlySpan<byte> data)
    {
        var text = Encoding.ASCII.GetString(data);
        if (text.Split(' ') is not [var format, var epoch, var attempt])
            throw new DaybookException(ErrorCode.Corrupted, $"The node '{path}' holds no epoch of a lease.");
        if (format != Format)
            throw new DaybookException(ErrorCode.NewerFormat, $"The epoch in '{path}' was written in format '{format}'; this version knows '{Format}'.");
        return long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && Guid.TryParseExact(attempt, "n", out var guid)
            ? new EpochRecord(new Epoch(value), guid)
            : throw new DaybookException(ErrorCode.Corrupted, $"The node '{path}' holds no epoch of a lease: '{text}'.");
    }
}
