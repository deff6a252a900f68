using System.Diagnostics;
using Daybook.Embedded.Files;

namespace Daybook.Benchmarks.Measuring;

/// <summary>What the device does in the same run: one 4 KiB write and fdatasync, over and over.</summary>
internal static class DeviceProbe
{
    /// <summary>The median of a write and flush, in microseconds.</summary>
    public static double FdatasyncP50(string folder, int rounds = 300)
    {
        var files = new PhysicalFileSystem();
        var path = Path.Combine(folder, "probe");
        using var file = files.Open(path, create: true);
        file.Allocate(4096L * rounds);
        file.Sync();
        ReadOnlyMemory<byte>[] block = [new byte[4096]];
        var latencies = new Latencies();
        for (var i = 0; i < rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            file.Write(4096L * i, block);
            file.Sync();
            latencies.Add(Stopwatch.GetTimestamp() - start);
        }
        files.Delete(path);
        return latencies.Percentile(0.5);
    }

    /// <summary>The bare group-commit loop: the same bytes, a checksum, one fdatasync a batch, nothing else. Events a second.</summary>
    public static double RawAppendsPerSecond(string folder, int bytes, int batch, double seconds)
    {
        const long FileBytes = 64L * 1024 * 1024;
        var files = new PhysicalFileSystem();
        var path = Path.Combine(folder, "raw");
        using var file = files.Open(path, create: true);
        file.Allocate(FileBytes);
        file.Sync();
        var payload = new byte[bytes];
        var buffer = new byte[bytes * batch];
        long events = 0, offset = 0;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            uint crc = 0;
            for (var i = 0; i < batch; i++)
            {
                payload.CopyTo(buffer, i * bytes);
                crc ^= Crc32C.Compute(buffer.AsSpan(i * bytes, bytes));
            }
            payload[0] = (byte)crc;
            file.Write(offset, [buffer]);
            file.Sync();
            events += batch;
            offset = offset + (2 * buffer.Length) > FileBytes ? 0 : offset + buffer.Length;
        }
        var rate = events / clock.Elapsed.TotalSeconds;
        files.Delete(path);
        return rate;
    }
}
