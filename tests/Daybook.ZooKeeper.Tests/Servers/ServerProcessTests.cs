using Daybook.Servers.Debian;
using Daybook.Servers.Processes;

namespace Daybook.ZooKeeper.Tests.Servers;

public sealed class ServerProcessTests
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task A_process_is_spoken_with_frozen_and_killed()
    {
        await using var cat = ServerProcess.Start("cat", []);
        await cat.WriteLineAsync("one");
        Assert.Equal("one", await cat.ReadLineAsync());

        await cat.PauseAsync();
        await cat.WriteLineAsync("two");
        var line = cat.ReadLineAsync("t");
        Assert.NotSame(line, await Task.WhenAny(line, Task.Delay(TimeSpan.FromMilliseconds(100))));
        cat.Resume();
        Assert.Equal("two", await line);

        await cat.PauseAsync();
        await cat.KillAsync();
        Assert.True(cat.HasExited);
        Assert.Equal("one\ntwo", cat.OutputTail);
        await Assert.ThrowsAsync<InvalidOperationException>(() => cat.ReadLineAsync());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_process_outlives_the_thread_that_asked_for_it()
    {
        ServerProcess? started = null;
        var thread = new Thread(() => started = ServerProcess.Start("sh", ["-c", "read line; echo \"$line\"; exit 7"]));
        thread.Start();
        thread.Join();
        await using var process = started!;

        await process.WriteLineAsync("still there");

        Assert.Equal("still there", await process.ReadLineAsync());
        Assert.Equal(7, await process.WaitForExitAsync());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_process_is_asked_to_be_killed_by_the_kernel_with_its_parent()
    {
        await DebianTool.RequireAsync("setpriv", "util-linux");

        var flags = (await Tool.RunAsync("setpriv", ["--dump"])).Succeeded();

        Assert.Contains("Parent death signal: KILL", flags, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        var missing = Assert.Throws<MissingToolException>(() => ServerProcess.Start("no-such-program", []));
        Assert.Contains("no-such-program", missing.Message, StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task The_error_of_a_failed_program_contains_its_standard_error()
    {
        var run = await Tool.RunAsync("sh", ["-c", "echo out; echo why >&2; exit 3"]);

        Assert.Equal((3, "out\n", "why\n"), (run.ExitCode, run.Output, run.Error));
        Assert.Contains("why", Assert.Throws<InvalidOperationException>(() => run.Succeeded()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_that_are_held_are_not_taken_again()
    {
        using var ports = new FreePorts();
        using var others = new FreePorts();

        var taken = Enumerable.Range(0, 50).Select(_ => ports.Take()).Concat(Enumerable.Range(0, 50).Select(_ => others.Take())).ToList();

        Assert.Equal(100, taken.Distinct().Count());
        Assert.All(taken, port => Assert.InRange(port, 20_000, 31_999));
    }
}
