using System.ComponentModel.DataAnnotations;
using Daybook.Postgres.Raw;
using Daybook.Postgres.Tables;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Daybook.Postgres.Tests.EntityFramework;

/// <summary>The ways that docs/ef-core.md describes.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class EntityFrameworkTests(SharedPostgres postgres)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task A_context_without_keys_reads_a_table_projection_through_its_view()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var writer = sinks.Open(database).Writer(new Rows());
        await writer.StartAsync(default, new Epoch(1));
        await writer.ApplyAsync(Batches.Of(0, new BalanceRow("a", 0.10m, 1), new BalanceRow("b", 5m, 1), new BalanceRow("a", 0.20m, 1)));

        await using var reads = new Reads(new DbContextOptionsBuilder<Reads>().UseNpgsql(database).Options);
        var found = await reads.Balances.Where(r => r.Amount < 1m).OrderBy(r => r.Account).ToListAsync();
        Assert.Equal([new BalanceRow("a", 0.30m, 2)], found);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F8_entities_are_saved_in_the_transaction_of_the_checkpoint_or_not_at_all()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var writer = sinks.Open(database).Writer(new CustomerProjection());
        await writer.StartAsync(default, new Epoch(1));
        await writer.ApplyAsync(Batches.Of(0, new Bought("ann", 2m), new Bought("bob", 3m)));
        await writer.ApplyAsync(Batches.Of(0, new Bought("ann", 2m), new Bought("bob", 3m), new Bought("ann", 5m))); // comes again in part

        var poison = await Assert.ThrowsAsync<PoisonEventException>(() => writer.ApplyAsync(Batches.Of(3, new Bought("ann", 1m), new Bought(new string('x', 41), 1m))).AsTask());
        Assert.Equal(new JournalOffset(4), poison.Recorded.Position.Offset);
        await writer.StartAsync(default, new Epoch(2));
        var stale = await Assert.ThrowsAsync<DaybookException>(() => writer.ApplyAsync(Batches.Of(3, new Bought("ann", 100m))).AsTask());

        Assert.Equal(ErrorCode.StaleEpoch, stale.Code);
        Assert.Equal("ann|7 bob|3", await Sql.QueryAsync(database, """select "Id", "Spent" from daybook.customers_v1 order by 1"""));
        Assert.Equal(new JournalOffset(3), await writer.StartAsync(default, new Epoch(2)));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Conflicts_of_partitions_that_meet_in_an_entity_are_run_again_and_nothing_is_parked_or_lost()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var writer = sinks.Open(database, o => o with { ConflictRetries = 1000 }).Writer(new CustomerProjection());
        await writer.StartAsync(new PartitionId(3), new Epoch(1));
        await writer.ApplyAsync(Batches.Of(3, 1, 0, new Bought("all", 1m)));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async partition =>
        {
            await writer.StartAsync(new PartitionId(partition), new Epoch(1));
            for (var i = 0; i < 25; i++)
                await writer.ApplyAsync(Batches.Of(partition, 1, i, new Bought("all", 1m)));
        }));
        Assert.Equal("76", await Sql.QueryAsync(database, """select "Spent" from daybook.customers_v1"""));
    }

    internal sealed record BalanceRow([property: Key] string Account, decimal Amount, int Entries);

    [Projection("balance_rows")]
    private sealed class Rows : ITableProjection<BalanceRow>
    {
        public IEnumerable<RowChange<BalanceRow>> ChangesOf(ProjectedEvent projected) => [RowChange.Add((BalanceRow)projected.Body)];
    }

    private sealed class Reads(DbContextOptions<Reads> options) : DbContext(options)
    {
        public IQueryable<BalanceRow> Balances => Set<BalanceRow>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<BalanceRow>(row =>
        {
            row.HasNoKey().ToView("projection_balance_rows", "daybook");
            row.Property(r => r.Account).HasColumnName("account");
            row.Property(r => r.Amount).HasColumnName("amount");
            row.Property(r => r.Entries).HasColumnName("entries");
        });
    }

    private sealed record Bought(string Customer, decimal Total);

    private sealed class Customer
    {
        [MaxLength(40)]
        public required string Id { get; init; }

        public decimal Spent { get; set; }
    }

    private sealed class Customers(NpgsqlConnection connection) : DbContext
    {
        public DbSet<Customer> All => Set<Customer>();

        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseNpgsql(connection);

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Customer>().ToTable("customers_v1", "daybook");
    }

    [Projection("customers")]
    private sealed class CustomerProjection : IRawProjection
    {
        public async ValueTask CreateAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken = default)
        {
            await using var context = new Customers(connection);
            await using var create = new NpgsqlCommand(context.Database.GenerateCreateScript(), connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        public async ValueTask ApplyAsync(NpgsqlConnection connection, string schema, ProjectionBatch batch, CancellationToken cancellationToken = default)
        {
            await using var context = new Customers(connection);
            context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
            foreach (var bought in batch.Events.Select(e => (Bought)e.Body))
            {
                var customer = await context.All.FindAsync([bought.Customer], cancellationToken);
                customer ??= context.Add(new Customer { Id = bought.Customer }).Entity;
                customer.Spent += bought.Total;
            }
            await context.SaveChangesAsync(cancellationToken);
        }
    }
}
