using Daybook.Core.Tests.Engine;
using Daybook.Core.Tests.States.Values;
using Daybook.Memory;

namespace Daybook.Core.Tests.States;

/// <summary>What a state, an event or a command may hold is the same after a restart, or refused with the member named.</summary>
public sealed class StateValueTests
{
    public static TheoryData<string> Names => [.. Samples.All.Select(sample => sample.Name)];

    [Theory, MemberData(nameof(Names))]
    public Task State_after_a_restart_is_the_state_that_was_shown(string name) => Samples.Named(name).RunAsync(new Restarted());

    public sealed record Do<T>(string Box, T Value);

    public static class Handlers<T>
    {
        [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1000", Justification = "One handler for each type that is tried.")]
        public static Decision Handle(Do<T> c, Box<T>? box) => Decision.Emit(new Put<T>(c.Value));
    }

    private sealed class Restarted : ISampleTest
    {
        private readonly CommandId _id = Books.NewId();

        public async Task RunAsync<T>(Sample<T> sample)
        {
            foreach (var snapshotEvery in new[] { 0, 1 })
            {
                var (ledgers, coordinator) = (new MemoryLedgerStore(), new MemoryCoordinator());
                DaybookBuilder Builder() => new DaybookBuilder().UseLedgers(_ => new(ledgers)).UseCoordinator(_ => new(coordinator))
                    .AddHandlers(typeof(Handlers<T>)).CheckFolds(false).Configure(o => (o.Partitions, o.SnapshotEvery) = (1, snapshotEvery));
                if (sample.Refused is { } member)
                    Assert.Contains(member, (await Refused.OpeningAsync(Builder())).Message, StringComparison.Ordinal);
                else if (sample.Fails is { } what)
                    await FailsAsync(await Builder().OpenAsync(), sample, what);
                else
                    Assert.Equal(await ShownAsync(await Builder().OpenAsync(), sample), await ShownAsync(await Builder().OpenAsync(), sample));
            }
        }

        private static async Task FailsAsync<T>(Book book, Sample<T> sample, string what)
        {
            await using var opened = book;
            var failed = await Assert.ThrowsAsync<DaybookException>(() => book.Send(new Do<T>("a", sample.Make())).AsTask());
            Assert.Equal(ErrorCode.HandlerFailed, failed.Code);
            Assert.Contains(what, failed.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(StreamVersion.None, (await book.ReadAsync<Box<T>>("a")).Version);
        }

        /// <summary>The command has one effect, before and after a restart, though the value that it holds is made anew.</summary>
        private async Task<string> ShownAsync<T>(Book book, Sample<T> sample)
        {
            await using var opened = book;
            await book.SendAsync(new Do<T>("a", sample.Make()), _id);
            if ((await book.ReadAsync<Box<T>>("a")).Version == new StreamVersion(1))
                await book.Send(new Do<T>("a", sample.Make()));
            Assert.IsType<Outcome.Accepted>(await book.SendAsync(new Do<T>("a", sample.Make()), _id));
            var read = await book.ReadAsync<Box<T>>("a");
            Assert.Equal(new StreamVersion(2), read.Version);
            return Shown.Of(read.State);
        }
    }
}
