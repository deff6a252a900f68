using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Daybook.Repository.Tests;

/// <summary>The C# blocks of each page, put together in their order, are a program that compiles.</summary>
public sealed partial class SnippetTests
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Threading; global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder; global using Microsoft.Extensions.DependencyInjection; global using Microsoft.Extensions.Hosting;
        """;

    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
    private static readonly MetadataReference[] References = [.. Platform().Select(path => MetadataReference.CreateFromFile(path))];

    public static TheoryData<string> Pages => [.. WithCode];

    private static IEnumerable<string> WithCode => Repository.Files("docs", ".md").Concat(Repository.Files("src", ".md")).Prepend("README.md").Where(page => Blocks(page).Any());

    [Theory, MemberData(nameof(Pages))]
    public void Code_of_the_pages_compiles(string page) =>
        Repository.ExpectNone(Errors(Program(Blocks(page))).Select(error => $"{page}: {error}"), "Correct the code blocks of the page; they are read as one program.");

    [Fact]
    public void The_first_lines_are_in_the_readme() => Assert.Contains("README.md", WithCode);

    [Fact]
    public void Code_that_names_what_is_not_there_is_found() =>
        Assert.Contains("AddHandlersFor", Assert.Single(Errors(Program(["using Daybook;\nnew DaybookBuilder().AddHandlersFor<int>();"]))),
            StringComparison.Ordinal);

    private static IEnumerable<string> Blocks(string page) => Block().Matches(Repository.Read(page)).Select(block => block.Groups[1].Value);

    /// <summary>Directives first, then statements, then types, each in the order of the page.</summary>
    private static SyntaxTree Program(IEnumerable<string> blocks)
    {
        var units = blocks.Select(block => CSharpSyntaxTree.ParseText(block, Options).GetCompilationUnitRoot()).ToList();
        var usings = units.SelectMany(unit => unit.Usings).DistinctBy(directive => directive.ToString());
        var members = units.SelectMany(unit => unit.Members).ToLookup(member => member is GlobalStatementSyntax);
        var program = SyntaxFactory.CompilationUnit().AddUsings([.. usings]).AddMembers([.. members[true], .. members[false]]);
        return CSharpSyntaxTree.ParseText(program.ToFullString(), Options);
    }

    private static IEnumerable<string> Errors(SyntaxTree program)
    {
        var kind = program.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax)
            ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        var compilation = CSharpCompilation.Create(
            "Snippets", [CSharpSyntaxTree.ParseText(ImplicitUsings, Options), program], References,
            new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));
        return compilation.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => $"{diagnostic.GetMessage()} ({LineOf(diagnostic)})");
    }

    private static string LineOf(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree?.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim() ?? "";

    private static IEnumerable<string> Platform() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Concat(Assemblies.All.Select(assembly => assembly.Location))
        .DistinctBy(path => Path.GetFileName(path));

    [GeneratedRegex(@"^```csharp\r?\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
