using System.Globalization;
using Daybook;
using Daybook.Postgres;
using Daybook.Postgres.Crash;
using Daybook.Projections;

// Projects the endless journal of some partitions into PostgreSQL until it is killed or every partition has a later owner; prints "stopped" then.
// Arguments: connection string, partitions, epoch.
var (partitions, epoch) = (int.Parse(args[1], CultureInfo.InvariantCulture), new Epoch(long.Parse(args[2], CultureInfo.InvariantCulture)));
await using var sink = new PostgresProjections(new PostgresProjectionOptions { ConnectionString = args[0] });
var options = new ProjectionOptions { BatchRecords = 60, CatchUpRecords = 60, FirstRetryDelay = TimeSpan.FromMilliseconds(5), MaxRetryDelay = TimeSpan.FromMilliseconds(100) };
await using var host = new ProjectionHost([sink.Writer(new SumsProjection())], new NumberDecoder(), options, TimeProvider.System, new Random(1));
for (var partition = 0; partition < partitions; partition++)
    await host.AttachAsync(new EndlessFeed(new PartitionId(partition), epoch));
Console.WriteLine("started");
while (host.Status.Any(s => s.State is not (ProjectionState.Stopped or ProjectionState.Parked)))
    await Task.Delay(TimeSpan.FromMilliseconds(10));
Console.WriteLine(string.Join(' ', host.Status.Select(s => $"{s.State}:{s.Code}")));
