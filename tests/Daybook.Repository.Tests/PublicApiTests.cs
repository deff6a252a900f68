namespace Daybook.Repository.Tests;

public sealed class PublicApiTests
{
    private const string Update = "DAYBOOK_UPDATE_API";

    public static TheoryData<string> Names => [.. Known];

    private static IEnumerable<string> Known => Assemblies.All.Select(a => a.GetName().Name!);

    [Theory, MemberData(nameof(Names))]
    public void The_public_api_is_as_recorded(string assembly)
    {
        var recorded = Path.Combine(Repository.Root, "tests", "Daybook.Repository.Tests", "PublicApi", assembly + ".txt");
        var actual = PublicApi.Print(Assemblies.All.Single(a => a.GetName().Name == assembly));
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(recorded)!);
            File.WriteAllText(recorded, string.Join('\n', actual) + "\n");
        }
        var expected = File.Exists(recorded) ? File.ReadAllLines(recorded) : [];

        Repository.ExpectNone(
            [.. expected.Except(actual).Select(line => "gone: " + line), .. actual.Except(expected).Select(line => "new:  " + line)],
            $"The public API of {assembly} has changed. If that is meant, record it: {Update}=1 dotnet test tests/Daybook.Repository.Tests, and commit PublicApi/{assembly}.txt.");
    }

    [Fact]
    public void Every_recorded_api_has_its_assembly()
    {
        Repository.ExpectNone(
            Repository.Files("tests/Daybook.Repository.Tests/PublicApi", ".txt").Select(f => Path.GetFileNameWithoutExtension(f)).Except(Known),
            "Remove the records of assemblies that are no more, or reference the project from Daybook.Repository.Tests.");
    }

    [Fact]
    public void Every_shipped_project_is_recorded()
    {
        Repository.ExpectNone(
            Repository.Files("src", ".csproj").Select(p => Path.GetFileNameWithoutExtension(p)).Except(Known),
            "Reference these projects from tests/Daybook.Repository.Tests, so that their public API is recorded.");
    }
}
