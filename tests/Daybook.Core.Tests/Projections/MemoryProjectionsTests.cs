using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Testing.Compliance;

namespace Daybook.Core.Tests.Projections;

public sealed class MemoryProjectionsTests : ProjectionCompliance
{
    public static TheoryData<string> Statements => [.. StatementsOf<ProjectionCompliance>()];

    [Theory, MemberData(nameof(Statements))]
    public Task Holds(string statement) => RunAsync(statement);

    protected override ValueTask<IProjectionSink> OpenSinkAsync() => ValueTask.FromResult<IProjectionSink>(new MemoryProjections());
}
