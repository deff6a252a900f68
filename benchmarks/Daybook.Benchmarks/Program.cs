using Daybook.Benchmarks;
using Daybook.Benchmarks.Scenarios;

var scenarios = new Dictionary<string, IScenario>
{
    ["append"] = new AppendScenario(),
    ["command-uniform"] = new CommandScenario("command-uniform", hot: false),
    ["command-hot"] = new CommandScenario("command-hot", hot: true),
    ["transfer"] = new TransferScenario(),
    ["replay"] = new ReplayScenario("replay", withRecoveryPoints: false),
    ["takeover"] = new ReplayScenario("takeover", withRecoveryPoints: true),
    ["memory"] = new MemoryScenario(),
    ["zookeeper"] = new ZooKeeperScenario(),
    ["zookeeper-soak"] = new ZooKeeperSoakScenario(),
    ["ledger-append"] = new LedgerAppendScenario(),
    ["ledger-read"] = new LedgerReadScenario(),
    ["project-catchup"] = new ProjectCatchupScenario(),
    ["project-tail"] = new ProjectTailScenario(),
    ["rebuild"] = new RebuildScenario(),
    ["postgres-append"] = new PostgresPeerScenario("postgres-append", transfers: false),
    ["postgres-transfer"] = new PostgresPeerScenario("postgres-transfer", transfers: true),
};

BenchmarkArguments arguments;
try
{
    arguments = BenchmarkArguments.Parse(args);
    if (!scenarios.ContainsKey(arguments.Scenario))
        throw new ArgumentException($"unknown scenario '{arguments.Scenario}'");
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"{e.Message}\n{BenchmarkArguments.Usage}\nscenarios: {string.Join(", ", scenarios.Keys)}");
    return 2;
}

var folder = Path.Combine(arguments.Data ?? Path.GetTempPath(), $"daybook-benchmark-{Environment.ProcessId}");
Directory.CreateDirectory(folder);
try
{
    await scenarios[arguments.Scenario].RunAsync(arguments, folder);
    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}
