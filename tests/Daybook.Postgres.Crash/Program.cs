using System.Globalization;
using Daybook;
using Daybook.Postgres;
using Daybook.Postgres.Crash;
using Daybook.Projections;
using Microsoft.Extensions.Logging.Abstractions;

// Projects the endless journal of some partitions into PostgreSQL until it is killed or every partition has a later owner; prints "stopped" then.
// Arguments: connection string, partitions, epoch; and, for journals that grow by the clock and builds that are looked after, how many records each
// partition has at which moment (Unix milliseconds), and how many come to it each second.
var (partitions, epoch) = (int.Parse(args[1], CultureInfo.InvariantCulture), new Epoch(long.Parse(args[2], CultureInfo.InvariantCulture)));
await using var sink = new PostgresProjections(new PostgresProjectionOptions { ConnectionString = args[0] });
var options = new ProjectionOptions { BatchRecords = 60, CatchUpRecords = 60, FirstRetryDelay = TimeSpan.FromMilliseconds(5), MaxRetryDelay = TimeSpan.FromMilliseconds(100) };
await using var host = new ProjectionHost([sink.Writer(new SumsProjection())], new NumberDecoder(), options, TimeProvider.System, new Random(1));
Func<long>? growth = null;
IAsyncDisposable? supervisor = null;
if (args.Length > 3)
{
    var (records, at, rate) = (Number(3), DateTimeOffset.FromUnixTimeMilliseconds(Number(4)), Number(5));
    growth = () => records + (long)((DateTimeOffset.UtcNow - at).TotalSeconds * rate);
    supervisor = await sink.SuperviseAsync(host, TimeProvider.System, NullLoggerFactory.Instance);
}
for (var partition = 0; partition < partitions; partition++)
    await host.AttachAsync(new EndlessFeed(new PartitionId(partition), epoch, growth));
Console.WriteLine("started");
while (host.Status.Any(s => s.State is not (ProjectionState.Stopped or ProjectionState.Parked)))
    await Task.Delay(TimeSpan.FromMilliseconds(10));
Console.WriteLine(string.Join(' ', host.Status.Select(s => $"{s.State}:{s.Code}")));
if (supervisor is not null)
    await supervisor.DisposeAsync();

long Number(int argument) => long.Parse(args[argument], CultureInfo.InvariantCulture);
